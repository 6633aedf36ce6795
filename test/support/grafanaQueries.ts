import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './operando.ts';

export const provisioning = join(root, 'dashboards/grafana/provisioning');

interface Target {
  readonly refId: string;
  readonly query: string;
  readonly rawQuery: boolean;
  readonly datasource: { readonly uid: string };
}

export interface PanelJson {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly targets: readonly Target[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly maxDataPoints?: number;
  readonly options: unknown;
  readonly fieldConfig: { readonly defaults: { readonly custom?: unknown } };
}

export interface VariableJson {
  readonly name: string;
  readonly query: { readonly query: string; readonly refId: string };
  readonly definition: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: {
    readonly list: readonly {
      readonly name: string;
      readonly target: { readonly query: string; readonly textColumn: string; readonly tagsColumn: string };
    }[];
  };
}

export interface RuleJson {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly noDataState?: string;
  readonly execErrState?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly notification_settings: { readonly receiver: string; readonly group_by: readonly string[] };
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly relativeTimeRange: { readonly from: number; readonly to: number };
    readonly model: Readonly<Record<string, unknown>>;
  }[];
}

const folder = join(provisioning, 'dashboards/operando');

/** The committed dashboards, by the names of their files. */
export const readDashboards = (): Map<string, DashboardJson> =>
  new Map(
    readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as DashboardJson]),
  );

/** A provisioning file, parsed. */
export const readYaml = (path: string): unknown => parse(readFileSync(join(provisioning, path), 'utf8'));

export const readRules = (): readonly RuleJson[] =>
  (readYaml('alerting/rules.yaml') as { groups: { rules: RuleJson[] }[] }).groups.flatMap(({ rules }) => rules);

/** The steps that Grafana rounds an interval to, seconds; enough for a quarter of an hour. */
const STEPS_S = [1, 2, 5, 10, 15, 20, 30, 60];
const DEFAULT_POINTS = 1000;

/** What Grafana puts in the place of a variable: every choice, as one regular expression. */
function regexOf(values: readonly string[]): string {
  const escaped = values.map((value) => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&'));
  return escaped.length === 1 ? escaped[0]! : `(${escaped.join('|')})`;
}

/**
 * A query as Grafana sends it.
 *
 * @param chosen - values of the variables.
 * @param rangeMs - the time that is shown, milliseconds since 1970.
 * @throws RangeError for a variable or macro that is not known.
 */
export function sentQuery(
  query: string,
  chosen: Readonly<Record<string, readonly string[]>>,
  rangeMs: readonly [from: number, to: number],
  maxDataPoints = DEFAULT_POINTS,
): string {
  const wishedS = (rangeMs[1] - rangeMs[0]) / 1000 / maxDataPoints;
  const intervalS = STEPS_S.findLast((step) => step <= Math.max(1, wishedS * 1.5)) ?? 1;
  const text = query
    .replaceAll('$timeFilter', `time >= ${rangeMs[0]}ms and time <= ${rangeMs[1]}ms`)
    .replaceAll('$__interval', `${intervalS}s`)
    .replaceAll(/\$\{(\w+):regex\}/g, (_, name: string) => {
      const values = chosen[name];
      if (values === undefined || values.length === 0) throw new RangeError(`variable ${name} has no value`);
      return regexOf(values);
    });
  // `$/` ends a regular expression; any other dollar is a macro that nobody has replaced.
  if (/\$(?!\/)/.test(text)) throw new RangeError(`not replaced in ${text}`);
  return text;
}
