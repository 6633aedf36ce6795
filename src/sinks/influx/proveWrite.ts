import { setTimeout as pause } from 'node:timers/promises';
import { explainError } from '../../model/error.ts';
import { ensureDatabase, queryNumber } from './administration.ts';
import { ask, authorization, findServer, openServer } from './server.ts';
import type { ServerKind, ServerSettings } from './server.ts';

const NAMES: Readonly<Record<ServerKind, string>> = {
  influx1: 'InfluxDB',
  influx2: 'InfluxDB',
  influx3: 'InfluxDB',
  victoriaMetrics: 'VictoriaMetrics',
};
const READ_ATTEMPTS = 25;
const READ_PAUSE_MS = 100;

/** Writes a point and reads it back. Resolves with a sentence, rejects with what failed. */
export async function proveWrite(settings: ServerSettings): Promise<string> {
  const { kind, version } = await findServer(settings).catch((cause: unknown) => {
    throw new Error(`no database answers at ${settings.url} (${explainError(cause)})`, { cause });
  });
  const name = `${NAMES[kind]} ${version || (kind === 'victoriaMetrics' ? '' : kind.slice(-1))}`.trim();
  try {
    if (kind === 'influx1') await ensureDatabase(settings);
    const nowUs = Date.now() * 1000;
    const probe = 1 + Math.floor(Math.random() * 1e9);
    const answer = await openServer(settings, kind).write([`operando_health,detector=doctor probe=${probe} ${nowUs}`]);
    if (answer.kind !== 'written') throw new Error(`it does not take a point: ${answer.reason}`);
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      if ((await readProbe(settings, kind)) === probe)
        return `${name}, ${kind === 'influx2' ? 'bucket' : 'database'} ${settings.database}: a point was written and read back`;
      await pause(READ_PAUSE_MS);
    }
    throw new Error(`a point was written to ${settings.database}, but does not come back`);
  } catch (cause) {
    throw new Error(`${name} at ${settings.url}: ${explainError(cause)}`, { cause });
  }
}

/** The probe that was written last; null when there is none. */
async function readProbe(settings: ServerSettings, kind: ServerKind): Promise<number | null> {
  if (kind === 'influx1')
    return queryNumber(settings, `SELECT last(probe) AS probe FROM operando_health WHERE detector = 'doctor'`, 'probe');
  if (kind === 'influx2') return readFlux(settings);
  if (kind === 'influx3') {
    const text = "SELECT probe FROM operando_health WHERE detector = 'doctor' ORDER BY time DESC LIMIT 1";
    const parts = new URLSearchParams({ db: settings.database, q: text, format: 'json' });
    const rows = (await read(settings, `/api/v3/query_sql?${parts.toString()}`, 'Bearer')) as { probe?: number }[];
    return rows[0]?.probe ?? null;
  }
  // What was written shows after a second, or when it is told to.
  await readText(settings, '/internal/force_flush', 'Bearer');
  const parts = new URLSearchParams({ 'match[]': 'operando_health_probe{detector="doctor"}' });
  const text = await readText(settings, `/api/v1/export?${parts.toString()}`, 'Bearer');
  const values = text.trim().split('\n').at(-1);
  return values ? ((JSON.parse(values) as { values: number[] }).values.at(-1) ?? null) : null;
}

async function readFlux(settings: ServerSettings): Promise<number | null> {
  const flux =
    `from(bucket: ${JSON.stringify(settings.database)}) |> range(start: -5m) ` +
    '|> filter(fn: (r) => r._measurement == "operando_health" and r._field == "probe" and r.detector == "doctor") |> last()';
  const parts = new URLSearchParams({ org: settings.organisation ?? '' });
  const text = await readText(settings, `/api/v2/query?${parts.toString()}`, 'Token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/vnd.flux', Accept: 'application/csv' },
    body: flux,
  });
  const rows = text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(','));
  const column = rows[0]?.indexOf('_value') ?? -1;
  const value = Number(rows.at(-1)?.[column]);
  return column >= 0 && rows.length > 1 && Number.isFinite(value) ? value : null;
}

const read = async (settings: ServerSettings, path: string, scheme: 'Token' | 'Bearer'): Promise<unknown> =>
  JSON.parse(await readText(settings, path, scheme)) as unknown;

async function readText(
  settings: ServerSettings,
  path: string,
  scheme: 'Token' | 'Bearer',
  init: RequestInit = {},
): Promise<string> {
  const headers = { ...authorization(settings, scheme), ...(init.headers as Record<string, string> | undefined) };
  const response = await ask(settings, path, { ...init, headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`it does not answer a query: ${response.status} ${text.slice(0, 200)}`);
  return text;
}
