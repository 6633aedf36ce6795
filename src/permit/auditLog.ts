import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PermitEvent } from '../model/permit.ts';

/** The append-only account of a permit: one line of JSON per grant, refusal, trip, confirmation. */
export interface AuditLog {
  /** Highest epoch it tells of; 0 for a new one. */
  readonly lastEpoch: number;
  /** Writes a line through to the disk before it returns. @throws when it could not */
  append(event: PermitEvent): void;
  close(): void;
}

/**
 * Opens or begins the log. Every line is synchronised with the disk: a grant that nobody can look up must not be given.
 * A torn last line, from a crash, is left as it is and ended.
 *
 * @throws when the file cannot be opened.
 */
export function openAuditLog(path: string): AuditLog {
  mkdirSync(dirname(path), { recursive: true });
  const before = existing(path);
  const file = openSync(path, 'a');
  let isClosed = false;
  let needsEnd = before !== '' && !before.endsWith('\n');
  return {
    lastEpoch: lastEpochOf(before),
    append(event) {
      // The number of a closed file may be that of another by now.
      if (isClosed) throw new Error('it is closed');
      const line = `${needsEnd ? '\n' : ''}${JSON.stringify(event)}\n`;
      needsEnd = true;
      writeAll(file, line);
      fsyncSync(file);
      needsEnd = false;
    },
    close() {
      if (!isClosed) closeSync(file);
      isClosed = true;
    },
  };
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

function existing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function lastEpochOf(text: string): number {
  let highest = 0;
  for (const line of text.split('\n')) {
    const epoch = epochOf(line);
    if (epoch > highest) highest = epoch;
  }
  return highest;
}

/** 0 of a line that is none. */
function epochOf(line: string): number {
  if (line === '') return 0;
  try {
    const { epoch } = JSON.parse(line) as { epoch?: unknown };
    return typeof epoch === 'number' && Number.isSafeInteger(epoch) ? epoch : 0;
  } catch {
    return 0;
  }
}
