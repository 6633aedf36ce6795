import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { InfluxDB, type IPoint } from 'influx';
import influx from '../../src/sinks/influx.ts';
import { startInfluxd } from '../../test/support/servers.ts';
import { listening, readingOf } from './points.ts';

/** Points per second of the clock, and of this process's own processor time: what other work on the machine disturbs less. */
export interface Rate {
  readonly pointsPerSecond: number;
  readonly pointsPerCpuSecond: number;
}

export interface RateResult extends Rate {
  /** The `influx` library alone at its best batch size, the points ready in memory. */
  readonly library: Rate & { readonly batch: number };
  /** Sink to library, by the clock and by processor time. */
  readonly ratio: number;
  readonly cpuRatio: number;
}

const BATCHES = [1000, 5000, 10_000, 20_000];
/** Points that may wait before the next are made: a monitor does not make them faster than they go out for long. */
const AHEAD = 100_000;

/** Begins to measure. @returns what so many points took since. */
function watch(): (count: number) => Rate {
  const startMs = performance.now();
  const before = process.cpuUsage();
  return (count) => {
    const { user, system } = process.cpuUsage(before);
    return {
      pointsPerSecond: Math.round((1000 * count) / (performance.now() - startMs)),
      pointsPerCpuSecond: Math.round((1e6 * count) / (user + system)),
    };
  };
}

const faster = <R extends Rate>(a: R, b: R): R => (b.pointsPerSecond > a.pointsPerSecond ? b : a);

async function throughSink(url: string, directory: string, count: number): Promise<Rate> {
  rmSync(join(directory, 'spool'), { recursive: true, force: true });
  const { setting, heard } = listening(directory);
  const sink = influx.create(
    influx.config.parse({ url, database: 'rate', spool: { directory: 'spool', capMiB: 1024 }, batchPoints: 10_000 }),
    setting,
  );
  while (heard.state !== 'ok') await pause(5);
  const rateOf = watch();
  for (let i = 0; i < count; i += 1000) {
    for (let k = i; k < i + 1000; k++) sink.write(readingOf(k), 'count');
    await pause(0);
    while (heard.waiting > AHEAD) await pause(5);
  }
  await sink.close();
  const rate = rateOf(count);
  if (heard.waiting > 0 || Object.keys(heard.dropped).length > 0)
    throw new Error(`${heard.waiting} points wait, lost: ${JSON.stringify(heard.dropped)}`);
  return rate;
}

async function throughLibrary(url: string, batch: number, count: number): Promise<Rate> {
  const client = new InfluxDB(`${url}/rate${batch}`);
  await client.createDatabase(`rate${batch}`);
  const points = Array.from({ length: count }, (_, i): IPoint => {
    const { seq, value, standardError, timeUs } = readingOf(i);
    const tags = {
      detector: 'count',
      instrument: 'bench',
      modality: 'xrd',
      name: 'number',
      run: 'bench',
      stream: 'xrd',
      unit: '1',
    };
    return {
      measurement: 'operando_reading',
      tags,
      fields: { seq, value, error: standardError ?? 0, valid: true },
      timestamp: String(timeUs),
    };
  });
  const rateOf = watch();
  for (let i = 0; i < count; i += batch)
    await client.writePoints(points.slice(i, i + batch), { database: `rate${batch}`, precision: 'u' });
  return rateOf(count);
}

/** The sink against the library, in turn, the better of two each. */
export async function measureRate(directory: string, count: number): Promise<RateResult> {
  const server = await startInfluxd();
  mkdirSync(join(directory, 'rate'), { recursive: true });
  try {
    const { url } = server;
    let own: Rate = { pointsPerSecond: 0, pointsPerCpuSecond: 0 };
    for (let round = 0; round < 2; round++) own = faster(own, await throughSink(url, join(directory, 'rate'), count));
    let library = { pointsPerSecond: 0, pointsPerCpuSecond: 0, batch: 0 };
    for (const batch of BATCHES) library = faster(library, { ...(await throughLibrary(url, batch, count)), batch });
    return {
      ...own,
      library,
      ratio: Number((own.pointsPerSecond / library.pointsPerSecond).toFixed(2)),
      cpuRatio: Number((own.pointsPerCpuSecond / library.pointsPerCpuSecond).toFixed(2)),
    };
  } finally {
    await server.stop();
  }
}
