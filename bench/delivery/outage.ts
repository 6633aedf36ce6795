import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import influx from '../../src/sinks/influx.ts';
import { startInfluxd } from '../../test/support/servers.ts';
import { askInflux } from './askInflux.ts';
import { listening, readingOf } from './points.ts';

export interface OutageResult {
  readonly pushed: number;
  readonly shed: number;
  readonly delivered: number;
  /** pushed - shed - delivered: 0 when what was shed is counted exactly. */
  readonly unaccounted: number;
  readonly capMiB: number;
  /** Largest size of the spool seen. */
  readonly largestMiB: number;
  /** From the return of the server to the first point made after it, and to the last of the backlog, seconds. */
  readonly firstLiveSeconds: number;
  readonly drainedSeconds: number;
}

const CAP_MIB = 16;
const DATABASE = 'outage';

/** A server that is away for as many points as a day brings, and a spool too small for them. */
export async function measureOutage(directory: string, pushed: number): Promise<OutageResult> {
  const server = await startInfluxd();
  await server.kill();
  mkdirSync(join(directory, 'outage'), { recursive: true });
  const { setting, heard } = listening(join(directory, 'outage'));
  const sink = influx.create(
    influx.config.parse({ url: server.url, database: DATABASE, spool: { directory: 'spool', capMiB: CAP_MIB } }),
    setting,
  );
  let largest = 0;
  let next = 0;
  for (; next < pushed; next++) {
    sink.write(readingOf(next), 'count');
    if (next % 2000 !== 0) continue;
    await sink.flush().catch(() => undefined);
    largest = Math.max(largest, heard.spoolBytes);
  }
  await sink.flush().catch(() => undefined);
  await server.restart();
  const backMs = performance.now();
  const count = (where: string): Promise<number> =>
    askInflux(server.url, DATABASE, `SELECT count("value") FROM operando_reading WHERE ${where}`);
  let firstLiveSeconds = NaN;
  while (heard.waiting > 0 || Number.isNaN(firstLiveSeconds)) {
    sink.write(readingOf(next++), 'count');
    await pause(50);
    if (Number.isNaN(firstLiveSeconds) && (await count(`"value" >= ${pushed}`)) > 0)
      firstLiveSeconds = (performance.now() - backMs) / 1000;
  }
  const drainedSeconds = (performance.now() - backMs) / 1000;
  await sink.close();
  const delivered = await count('"value" >= 0');
  await server.stop();
  const shed = heard.dropped['spoolFull'] ?? 0;
  return {
    pushed: next,
    shed,
    delivered,
    unaccounted: next - shed - delivered,
    capMiB: CAP_MIB,
    largestMiB: Number((largest / 2 ** 20).toFixed(1)),
    firstLiveSeconds: Number(firstLiveSeconds.toFixed(1)),
    drainedSeconds: Number(drainedSeconds.toFixed(1)),
  };
}
