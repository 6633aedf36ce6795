import { AnnotationQueryBuilder, type AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { DATASOURCE, SCOPE } from './influxQuery.ts';

/** What Grafana's InfluxDB data source reads of an annotation: the query, and which column is what. */
export interface InfluxAnnotationTarget {
  readonly refId: string;
  readonly name: string;
  readonly query: string;
  readonly rawQuery: true;
  readonly fromAnnotations: true;
  readonly textEditor: true;
  readonly textColumn: string;
  readonly tagsColumn: string;
}

function annotation(
  name: string,
  color: string,
  columns: Pick<InfluxAnnotationTarget, 'query' | 'textColumn' | 'tagsColumn'>,
): Builder<AnnotationQuery> {
  const target: InfluxAnnotationTarget = {
    refId: 'annotation',
    name,
    rawQuery: true,
    fromAnnotations: true,
    textEditor: true,
    ...columns,
  };
  const built = new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor(color)
    .build();
  // The type of the SDK knows the targets of other data sources only.
  return { build: () => ({ ...built, target }) as unknown as AnnotationQuery };
}

/** Alerts that were raised, and what became of the beam permit, on every graph. */
export const annotations = (): Builder<AnnotationQuery>[] => [
  annotation('Alerts', 'red', {
    query: `SELECT "message", "severity" FROM "operando_alert" WHERE "phase" = 'raised' AND ${SCOPE}`,
    textColumn: 'message',
    tagsColumn: 'severity',
  }),
  annotation('Beam permit', 'purple', {
    query: `SELECT "reason", "event" FROM "operando_permit" WHERE "event" =~ /^(granted|tripped)$/ AND ${SCOPE}`,
    textColumn: 'reason',
    tagsColumn: 'event',
  }),
];
