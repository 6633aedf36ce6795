import type { InfluxDB } from 'influx';
import type { ServerSettings } from './server.ts';

/** The client of InfluxDB 1.x, for its databases and queries. It never retries or sets a server aside by itself. */
async function openClient(settings: ServerSettings): Promise<InfluxDB> {
  const { InfluxDB } = await import('influx');
  const { protocol, hostname, port, pathname } = new URL(settings.url);
  const isSecure = protocol === 'https:';
  const noWait = { getDelay: () => 0, next: () => noWait, reset: () => noWait };
  return new InfluxDB({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isSecure ? 443 : 80),
    protocol: isSecure ? 'https' : 'http',
    path: pathname === '/' ? '' : pathname,
    ...(settings.username === undefined ? {} : { username: settings.username, password: settings.password ?? '' }),
    pool: { maxRetries: 0, requestTimeout: settings.timeoutMs, backoff: noWait },
  });
}

/** Makes the database of an InfluxDB 1.x if it is not there. */
export async function ensureDatabase(settings: ServerSettings): Promise<void> {
  await (await openClient(settings)).createDatabase(settings.database);
}

/** The number in the only row of `SELECT field ...` of an InfluxDB 1.x; null when there is no row. */
export async function queryNumber(settings: ServerSettings, text: string, field: string): Promise<number | null> {
  const rows = await (await openClient(settings)).query<Record<string, unknown>>(text, { database: settings.database });
  const value = rows[0]?.[field];
  return typeof value === 'number' ? value : null;
}
