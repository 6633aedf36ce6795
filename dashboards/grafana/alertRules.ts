import {
  NotificationSettingsBuilder,
  QueryBuilder,
  RuleBuilder,
  RuleGroupBuilder,
  type RuleGroup,
} from '@grafana/grafana-foundation-sdk/alerting';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { TypeMathBuilder, TypeReduceBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { CONTACT_POINT } from './contactPoints.ts';
import { DATASOURCE, influxQl } from './influxQuery.ts';

/** Grafana's own tick; none of these can stop a beam. */
const EVERY_S = 10;
/** The service of Grafana that computes what follows the queries. */
const EXPRESSIONS = '__expr__';
const RUN = 'GROUP BY "site", "instrument", "run"';

/** Ended in good order, a run is nobody's concern any more; one that died is told of by a rule of its own. */
const RUNNING: readonly [string, number] = [
  `SELECT last("running") FROM "operando_health" WHERE "name" = 'run' AND $timeFilter ${RUN}`,
  900,
];

interface RuleOptions {
  readonly uid: string;
  readonly title: string;
  readonly summary: string;
  readonly severity: 'notice' | 'warning' | 'critical';
  /** How long it must hold. */
  readonly lasting: string;
  /** What to do when the query gives nothing. */
  readonly noData: 'OK' | 'Alerting';
  /** What to do when the database does not answer. @default its last word stands: one rule that tells of it is enough */
  readonly failed?: 'Alerting';
  /** By name: the query, and how far back it looks, seconds. */
  readonly queries: Readonly<Record<string, readonly [query: string, windowS: number]>>;
  /** Of the newest value of each query: `$name` is that of the query. It is an alert when this is above zero. */
  readonly expression: string;
}

function expression(refId: string, model: Builder<Dataquery>): QueryBuilder {
  return new QueryBuilder(refId).datasourceUid(EXPRESSIONS).model(model).relativeTimeRange({ from: 0, to: 0 });
}

function rule(options: RuleOptions): RuleBuilder {
  const { uid, title, summary, severity, lasting, noData, queries } = options;
  const built = new RuleBuilder(title)
    .uid(uid)
    .folderUID('operando')
    .ruleGroup('operando')
    .orgID(1)
    .forDuration(lasting)
    .noDataState(noData)
    .execErrState(options.failed ?? 'KeepLast')
    .labels({ severity, source: 'operando' })
    .annotations({ summary })
    .notificationSettings(
      new NotificationSettingsBuilder()
        .receiver(CONTACT_POINT)
        .groupBy(['grafana_folder', 'alertname', 'instrument', 'run']),
    )
    .condition('alert');
  for (const [name, [query, windowS]] of Object.entries(queries)) {
    built.withQuery(
      new QueryBuilder(`${name}Series`)
        .datasourceUid(DATASOURCE.uid)
        .model(influxQl(query, { refId: `${name}Series` }))
        .relativeTimeRange({ from: windowS, to: 0 }),
    );
    built.withQuery(expression(name, new TypeReduceBuilder().refId(name).expression(`${name}Series`).reducer('last')));
  }
  return built
    .withQuery(expression('result', new TypeMathBuilder().refId('result').expression(options.expression)))
    .withQuery(
      expression(
        'alert',
        new TypeThresholdBuilder()
          .refId('alert')
          .expression('result')
          .conditions([{ evaluator: { type: 'gt', params: [0] } }]),
      ),
    );
}

const alertRule = (severity: 'warning' | 'critical'): RuleBuilder =>
  rule({
    uid: `operando-alert-${severity}`,
    title: `Alert of the monitor: ${severity}`,
    summary: `{{ $labels.instrument }}, run {{ $labels.run }}: rule {{ $labels.detector }} stands`,
    severity,
    lasting: '0s',
    noData: 'OK',
    queries: {
      standing: [
        `SELECT last("standing") FROM "operando_alert" WHERE "severity" = '${severity}' AND $timeFilter ${RUN}, "stream", "detector"`,
        86_400,
      ],
      running: RUNNING,
    },
    expression: '$standing > 0 && $running > 0',
  });

/** What Grafana tells people of. Quiet where nothing runs: absence of data is an alert only where a monitor should be. */
export const ruleGroup = (): RuleGroup =>
  new RuleGroupBuilder('operando')
    .folderUid('operando')
    .interval(EVERY_S)
    .withRule(alertRule('critical'))
    .withRule(alertRule('warning'))
    .withRule(
      rule({
        uid: 'operando-silent',
        title: 'Monitor silent',
        summary:
          '{{ $labels.instrument }}: the monitor of run {{ $labels.run }} has not written for a minute, and has not ended',
        severity: 'critical',
        lasting: '30s',
        noData: 'OK',
        failed: 'Alerting',
        queries: {
          written: [
            `SELECT count("running") FROM "operando_health" WHERE "name" = 'run' AND $timeFilter GROUP BY time(1m), "site", "instrument", "run" fill(0)`,
            900,
          ],
          running: RUNNING,
        },
        expression: '$running > 0 && $written < 1',
      }),
    )
    .withRule(
      rule({
        uid: 'operando-stale',
        title: 'Stream stale',
        summary: '{{ $labels.instrument }}: no frames on {{ $labels.stream }} of run {{ $labels.run }}',
        severity: 'warning',
        lasting: '30s',
        noData: 'OK',
        queries: {
          stale: [
            `SELECT last("stale") FROM "operando_health" WHERE "name" = 'stream' AND $timeFilter ${RUN}, "stream"`,
            300,
          ],
        },
        expression: '$stale',
      }),
    )
    .withRule(
      rule({
        uid: 'operando-link-down',
        title: 'Link down',
        summary: '{{ $labels.instrument }}: {{ $labels.detector }} of run {{ $labels.run }} is down',
        severity: 'warning',
        lasting: '1m',
        noData: 'OK',
        queries: {
          down: [
            `SELECT last("down") FROM "operando_health" WHERE "name" =~ /^(source|sink|monitor)$/ AND $timeFilter ${RUN}, "detector"`,
            300,
          ],
        },
        expression: '$down',
      }),
    )
    .withRule(
      rule({
        uid: 'operando-frames-lost',
        title: 'Frames lost',
        summary:
          '{{ $labels.instrument }}: frames of {{ $labels.stream }} were dropped or never arrived in the last five minutes',
        severity: 'notice',
        lasting: '0s',
        noData: 'OK',
        queries: {
          dropped: [
            `SELECT spread("dropped_count") FROM "operando_health" WHERE "name" = 'stream' AND $timeFilter ${RUN}, "stream"`,
            300,
          ],
          lost: [
            `SELECT spread("lost_count") FROM "operando_health" WHERE "name" = 'stream' AND $timeFilter ${RUN}, "stream"`,
            300,
          ],
        },
        expression: '$dropped + $lost',
      }),
    )
    .withRule(
      rule({
        uid: 'operando-spool-full',
        title: 'Spool filling up',
        summary:
          '{{ $labels.instrument }}: what {{ $labels.detector }} of run {{ $labels.run }} keeps on disk is near its cap',
        severity: 'warning',
        lasting: '1m',
        noData: 'OK',
        queries: {
          filled: [
            `SELECT last("spool_bytes") / last("spool_cap_bytes") FROM "operando_health" WHERE "name" = 'sink' AND $timeFilter ${RUN}, "detector"`,
            300,
          ],
        },
        expression: '$filled > 0.8',
      }),
    )
    .withRule(
      rule({
        uid: 'operando-dose',
        title: 'Dose budget nearly used up',
        summary: '{{ $labels.instrument }}: more than 80 % of the dose budget of run {{ $labels.run }} is used up',
        severity: 'warning',
        lasting: '0s',
        noData: 'OK',
        queries: {
          dose: [`SELECT last("dose_fraction") FROM "operando_dose" WHERE $timeFilter ${RUN}, "detector"`, 300],
        },
        expression: '$dose > 0.8',
      }),
    )
    .withRule(
      rule({
        uid: 'operando-permit',
        title: 'Beam permit withheld',
        summary: '{{ $labels.instrument }}: the beam of run {{ $labels.run }} was stopped',
        severity: 'warning',
        lasting: '0s',
        noData: 'OK',
        queries: {
          permitted: [`SELECT last("permitted") FROM "operando_permit" WHERE $timeFilter ${RUN}`, 300],
          running: RUNNING,
        },
        expression: '$permitted < 1 && $running > 0',
      }),
    )
    .build();
