import type { InfluxDB, IPoint, ISingleHostConfig } from 'influx';
import type { DeadLetters } from './deadLetters.ts';
import { sendableFields, type Point } from './point.ts';

/** Refusals of the points themselves; everything else may pass and is tried again. */
const REFUSED = new Set([400, 413, 422]);
/** Requests spent on finding the points at fault in one refused batch. */
const SEARCH_REQUESTS = 64;

/** The status code of an answer; null when there was none. */
function statusOf(error: unknown): number | null {
  const code = (error as { res?: { statusCode?: unknown } }).res?.statusCode;
  return typeof code === 'number' ? code : null;
}

/** The client, loaded when first needed. It never retries or sets a server aside by itself: the queue does. */
export async function openInflux(where: ISingleHostConfig, timeoutMs: number): Promise<InfluxDB> {
  const { InfluxDB } = await import('influx');
  const noWait = { getDelay: () => 0, next: () => noWait, reset: () => noWait };
  return new InfluxDB({ ...where, pool: { maxRetries: 0, requestTimeout: timeoutMs, backoff: noWait } });
}

export interface WriterOptions {
  readonly database: string;
  readonly retentionPolicy: string | undefined;
  readonly deadLetters: DeadLetters;
  connect(): Promise<InfluxDB>;
  /** Points the database refused for good, and how many of them the dead-letter file did not take. */
  onRefused(count: number, lostCount: number, reason: string): void;
}

/**
 * Writes batches. Rejects when the server is away or busy (the same batch may then be written again, to the same
 * effect); resolves when the database has every point but those it refuses, which are in the dead-letter file.
 */
export function createInfluxWriter(options: WriterOptions): (batch: readonly Point[]) => Promise<void> {
  let ready: InfluxDB | null = null;

  async function ensureReady(): Promise<InfluxDB> {
    if (ready !== null) return ready;
    const client = await options.connect();
    await client.createDatabase(options.database);
    ready = client;
    return client;
  }

  async function writeLines(points: IPoint[]): Promise<void> {
    try {
      const { database, retentionPolicy } = options;
      const client = await ensureReady();
      await client.writePoints(points, {
        database,
        precision: 'u',
        ...(retentionPolicy === undefined ? {} : { retentionPolicy }),
      });
    } catch (error) {
      // Away, or the database was dropped: make sure of it again before the next attempt.
      if (!REFUSED.has(statusOf(error) ?? 0)) ready = null;
      throw error;
    }
  }

  /** Divides a refused batch until the points at fault stand alone; the others are written, some of them twice. */
  async function writeSearching(points: IPoint[], search: Search): Promise<void> {
    try {
      search.requests++;
      await writeLines(points);
    } catch (error) {
      if (!REFUSED.has(statusOf(error) ?? 0)) throw error;
      if (points.length > 1 && search.requests < SEARCH_REQUESTS) {
        for (const part of partsOf(points)) await writeSearching(part, search);
      } else search.refused.push({ points, reason: (error as Error).message });
    }
  }

  return async (batch) => {
    const points = batch.map(pointLine).filter((point) => Object.keys(point.fields).length > 0);
    const search: Search = { requests: 0, refused: [] };
    if (points.length === 0) await ensureReady();
    else await writeSearching(points, search);
    // Only now: had the server gone away half-way, the whole batch would come again.
    for (const { points: refused, reason } of search.refused)
      options.onRefused(refused.length, await options.deadLetters.keep(refused, reason), reason);
  };
}

/** By measurement, whose fields clash together; then in halves. */
function partsOf(points: IPoint[]): IPoint[][] {
  const measurements = [...new Set(points.map(({ measurement }) => measurement))];
  const middle = points.length >> 1;
  return measurements.length > 1
    ? measurements.map((name) => points.filter(({ measurement }) => measurement === name))
    : [points.slice(0, middle), points.slice(middle)];
}

interface Search {
  requests: number;
  readonly refused: { readonly points: readonly IPoint[]; readonly reason: string }[];
}

const pointLine = (point: Point) => ({
  measurement: point.series.measurement,
  tags: { ...point.series.tags },
  fields: sendableFields(point),
  timestamp: String(point.timeUs),
});
