import type { DeadLetters } from './deadLetters.ts';
import { measurementOf } from './lineProtocol.ts';
import type { LineServer } from './server.ts';

/** Requests spent on finding the lines at fault in one refused batch. */
const SEARCH_REQUESTS = 64;

export interface LineWriterOptions {
  /** Finds the server and makes it ready: asked again after every failure. */
  connect(): Promise<LineServer>;
  readonly deadLetters: DeadLetters;
  /** Lines the database refused for good, and how many of them the dead-letter file did not take. */
  onRefused(count: number, lostCount: number, reason: string): void;
}

interface Search {
  requests: number;
  readonly refused: { readonly lines: readonly string[]; readonly reason: string }[];
}

/**
 * Writes batches. Rejects when the server is away or busy (the same batch may then be written again, to the same effect);
 * resolves when the database has every line but those it refuses, which are in the dead-letter file.
 */
export function createLineWriter(options: LineWriterOptions): (batch: readonly string[]) => Promise<void> {
  let ready: LineServer | null = null;

  async function write(lines: readonly string[]) {
    try {
      ready ??= await options.connect();
      return await ready.write(lines);
    } catch (error) {
      // Away, or the database was dropped: make sure of it again before the next attempt.
      ready = null;
      throw error;
    }
  }

  /** Divides a refused batch until the lines at fault stand alone; the others are written, some of them twice. */
  async function writeSearching(lines: readonly string[], search: Search): Promise<void> {
    search.requests++;
    const answer = await write(lines);
    if (answer.kind === 'written') return;
    const { reason } = answer;
    if (answer.kind === 'refused' && answer.lines !== null && search.requests < SEARCH_REQUESTS) {
      const atFault = new Set(answer.lines);
      search.refused.push({ lines: lines.filter((_, i) => atFault.has(i)), reason });
      const others = lines.filter((_, i) => !atFault.has(i));
      if (others.length > 0 && others.length < lines.length) await writeSearching(others, search);
    } else if (lines.length > 1 && (answer.kind === 'tooLarge' || search.requests < SEARCH_REQUESTS))
      for (const part of partsOf(lines)) await writeSearching(part, search);
    else search.refused.push({ lines, reason });
  }

  return async (batch) => {
    const search: Search = { requests: 0, refused: [] };
    if (batch.length === 0) ready = await options.connect();
    else await writeSearching(batch, search);
    // Only now: had the server gone away half-way, the whole batch would come again.
    for (const { lines, reason } of search.refused)
      options.onRefused(lines.length, await options.deadLetters.keep(lines, reason), reason);
  };
}

/** By measurement, whose fields clash together; then in halves. */
function partsOf(lines: readonly string[]): (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const name = measurementOf(line);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [line]);
    else group.push(line);
  }
  if (groups.size > 1) return [...groups.values()];
  const middle = lines.length >> 1;
  return [lines.slice(0, middle), lines.slice(middle)];
}
