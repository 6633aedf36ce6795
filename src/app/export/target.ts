import type { Frame } from '../../model/frame.ts';
import type { RunNote } from '../../model/runNote.ts';
import type { Alert } from '../../model/alert.ts';
import type { Detection, Reading } from '../../model/signal.ts';
import type { RecordingHeader } from '../../recording/item.ts';

/** Everything of a recording but its checkpoints, which no other program can read. */
export type ExportedNote = Exclude<RunNote, { readonly type: 'checkpoint' }>;

/** Where a recording is exported to. Frames are lent. */
export interface ExportTarget {
  frame(frame: Frame): void;
  signal(signal: Reading | Detection | Alert): void;
  note(note: ExportedNote): void;
  /** Writes what is still in memory. @returns the files that were written. */
  close(): string[];
}

/** What a target is told before the first item. */
export interface ExportSetting {
  readonly header: RecordingHeader;
  readonly programVersion: string;
  /** All times in files count from here, microseconds since 1970. */
  readonly startUs: number;
  /** Of the last frame, microseconds since 1970. */
  readonly endUs: number;
}

export const secondsSince = (startUs: number, timeUs: number): number => (timeUs - startUs) / 1e6;

export const isoTime = (timeUs: number): string => new Date(timeUs / 1000).toISOString();
