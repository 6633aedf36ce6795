/** What is looked at of a pipeline file. */
export interface ExampleFile {
  readonly pipeline: readonly {
    readonly id: string;
    readonly use: string;
    readonly from?: string | readonly string[];
  }[];
}

/**
 * The sink that writes everything a demonstration says to InfluxDB, with the spectra that its dashboards draw: what the
 * first detector of a change takes, what it expects, and the residual.
 *
 * @param file - one of the example pipeline files, as parsed.
 */
export function historySink(file: ExampleFile, url: string): object {
  const at = file.pipeline.findIndex(({ use }) => use.startsWith('change.'));
  const against = file.pipeline[at]?.id;
  const from = file.pipeline[at]?.from ?? file.pipeline[at - 1]?.id;
  const of = typeof from === 'string' ? from : from?.[0];
  const isWatched = against !== undefined && of !== undefined;
  const spectrum = isWatched ? { of: [of, against], residual: { of, against } } : {};
  return { id: 'history', from: '*', use: 'influx', with: { url, site: 'demo', spectrum } };
}
