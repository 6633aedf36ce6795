import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scanSegment } from '../../recording/segmentScan.ts';
import type { Range } from './ranges.ts';
import { readRecordHeader } from './spoolRecord.ts';

/** A file of a spool. Its name is the number of its first item. */
export interface SpoolSegment {
  readonly path: string;
  readonly first: number;
  /** Number after its last item. */
  next: number;
  bytes: number;
  /** When its first item was taken in, milliseconds since 1970. */
  readonly timeMs: number;
}

export const spoolSegmentPath = (directory: string, first: number): string =>
  join(directory, `${String(first).padStart(16, '0')}.wal`);

/** The segments of a directory in order, those without one intact record left out. Only the last is read to its end. */
export function listSpoolSegments(directory: string): SpoolSegment[] {
  const names = readdirSync(directory)
    .filter((name) => /^\d{16}\.wal$/.test(name))
    .sort();
  return names.flatMap((name, i) => {
    const following = names[i + 1];
    const segment = examine(join(directory, name), Number.parseInt(name, 10), following === undefined);
    if (segment !== null && following !== undefined) segment.next = Number.parseInt(following, 10);
    return segment ?? [];
  });
}

function examine(path: string, first: number, isToItsEnd: boolean): SpoolSegment | null {
  let segment: SpoolSegment | null = null;
  for (const { body } of scanSegment(path, 0, () => undefined)) {
    const header = readRecordHeader(body);
    if (header === null) continue;
    segment ??= { path, first, next: first, bytes: statSync(path).size, timeMs: header.timeMs };
    segment.next = header.first + header.count;
    if (!isToItsEnd) break;
  }
  return segment;
}

/** What a spool remembers of its deliveries. */
export interface SpoolCursor {
  /** Number of the next item to be taken in. */
  readonly next: number;
  /** What is still to be delivered. */
  readonly pending: readonly Range[];
}

const cursorPath = (directory: string): string => join(directory, 'cursor.json');

/** Null when there is none, or none that can be read: then all that is there is delivered again. */
export function readCursor(directory: string): SpoolCursor | null {
  try {
    const { next, pending } = JSON.parse(readFileSync(cursorPath(directory), 'utf8')) as {
      next: number;
      pending: [number, number | null][];
    };
    const ranges = pending.map(([from, to]) => ({ from, to: to ?? Infinity }));
    return Number.isSafeInteger(next) && ranges.at(-1)?.to === Infinity ? { next, pending: ranges } : null;
  } catch {
    return null;
  }
}

/** Replaces the cursor in one step. @throws what the file system says. */
export function writeCursor(directory: string, { next, pending }: SpoolCursor): void {
  const path = cursorPath(directory);
  const text = JSON.stringify({ next, pending: pending.map(({ from, to }) => [from, to === Infinity ? null : to]) });
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}
