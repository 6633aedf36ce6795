/** The number in the first row of a query to an InfluxDB 1.x; 0 when it has no row. */
export async function askInflux(url: string, database: string, query: string): Promise<number> {
  const answer = await fetch(`${url}/query?${new URLSearchParams({ db: database, q: query }).toString()}`);
  const { results } = (await answer.json()) as { results: { series?: { values: number[][] }[] }[] };
  return results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
}
