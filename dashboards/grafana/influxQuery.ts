import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** The data source that is provisioned with the dashboards. */
export const DATASOURCE = { type: 'influxdb', uid: 'operando' } as const;

/** Restricts a query to what the variables of the dashboard choose, and to its time range. */
export const SCOPE =
  '"site" =~ /^${site:regex}$/ AND "instrument" =~ /^${instrument:regex}$/ AND "run" =~ /^${run:regex}$/ AND $timeFilter';

/** An InfluxQL query as Grafana's data source reads it. */
export interface InfluxQuery {
  readonly refId: string;
  readonly datasource: typeof DATASOURCE;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: 'time_series' | 'table';
  /** Name of each series: `$tag_run`, `$col`. */
  readonly alias?: string;
}

export interface QueryOptions {
  readonly refId?: string;
  readonly alias?: string;
  readonly format?: InfluxQuery['resultFormat'];
}

/** The foundation SDK knows no InfluxDB queries. */
export function influxQl(
  query: string,
  { refId = 'A', alias, format = 'time_series' }: QueryOptions = {},
): Builder<Dataquery> {
  const built: InfluxQuery = {
    refId,
    datasource: DATASOURCE,
    query,
    rawQuery: true,
    resultFormat: format,
    ...(alias === undefined ? {} : { alias }),
  };
  // A data query of the SDK has a method, a mark of its types alone: it never reaches the JSON.
  return { build: () => built as unknown as Dataquery };
}
