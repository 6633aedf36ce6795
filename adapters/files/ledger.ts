import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MonitorError } from '../../src/model/error.ts';

/** What is known of a file that was read, or is being read. */
export interface LedgerEntry {
  /** Spectra that are done. */
  count: number;
  isDone: boolean;
  bytes: number;
  modifiedMs: number;
}

type Line =
  | { readonly file: string; readonly from: number; readonly seq: number }
  | { readonly file: string; readonly to: number; readonly bytes: number; readonly modifiedMs: number };

/** Which files of a folder were read, on disk: what a restart goes by. */
export interface Ledger {
  readonly files: Map<string, LedgerEntry>;
  /** Number of the next spectrum of the stream. */
  readonly nextSeq: number;
  /** Reading of a file begins at its spectrum `from`, which has number `seq` in the stream. */
  begin(file: string, from: number, seq: number): void;
  /** It is read, up to its spectrum `to`. */
  end(file: string, to: number, bytes: number, modifiedMs: number): void;
}

/**
 * Opens a ledger; what was read after `resumeAfterSeq` counts as not read. A line that was cut by a crash is left out.
 *
 * @param resumeAfterSeq - null takes all as read that was read to its end.
 * @throws MonitorError 'ADAPTER' when it cannot be read or written.
 */
export function openLedger(path: string, resumeAfterSeq: number | null, id: string): Ledger {
  const refuse = (what: string, cause: unknown): MonitorError =>
    new MonitorError('ADAPTER', `the ledger ${path} cannot be ${what}`, { id, path }, { cause });
  let lines: Line[];
  try {
    mkdirSync(dirname(path), { recursive: true });
    lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(parse) : [];
  } catch (cause) {
    throw refuse('read', cause);
  }
  const write = (line: Line): void => {
    try {
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    } catch (cause) {
      throw refuse('written', cause);
    }
  };
  // Ends a line that a crash has cut.
  if (lines.length > 0) appendFileSync(path, '\n');
  const { files, nextSeq } = asOf(lines, resumeAfterSeq);
  return {
    files,
    nextSeq,
    begin: (file, from, seq) => write({ file, from, seq }),
    end: (file, to, bytes, modifiedMs) => write({ file, to, bytes, modifiedMs }),
  };
}

function asOf(
  lines: readonly Line[],
  resumeAfterSeq: number | null,
): { files: Map<string, LedgerEntry>; nextSeq: number } {
  const files = new Map<string, LedgerEntry>();
  const reachedSeq = resumeAfterSeq === null ? Infinity : resumeAfterSeq + 1;
  let open: Extract<Line, { seq: number }> | null = null;
  let nextSeq = 0;
  /** Of a file without an end only the numbers in the stream tell how much of it is done. */
  const leave = (untilSeq: number): void => {
    if (open === null || open.seq >= reachedSeq) return;
    const until = Math.min(untilSeq, reachedSeq);
    const count = open.from + (until === Infinity ? 0 : until - open.seq);
    files.set(open.file, { count, isDone: false, bytes: 0, modifiedMs: 0 });
  };
  for (const line of lines) {
    if ('seq' in line) {
      leave(line.seq);
      open = line;
      continue;
    }
    if (open?.file !== line.file) continue;
    const after = open.seq + line.to - open.from;
    if (after <= reachedSeq) {
      const { to: count, bytes, modifiedMs } = line;
      files.set(line.file, { count, isDone: true, bytes, modifiedMs });
      nextSeq = after;
    } else leave(after);
    open = null;
  }
  leave(Infinity);
  return { files, nextSeq: resumeAfterSeq === null ? nextSeq : reachedSeq };
}

function parse(text: string): Line[] {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && 'file' in line ? [line as Line] : [];
  } catch {
    return [];
  }
}
