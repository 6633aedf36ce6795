import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is true of a stream; for the scorer only. */
export interface DoseTruth {
  /** [frames] damage fraction after each frame. */
  readonly f_end: readonly number[];
  /** Null: never. */
  readonly dose_at_tolerance: number | null;
}

/** One simulated exposure of one area. */
export interface DoseStream {
  readonly id: string;
  readonly counts_per_frame: number;
  /** [frames] 0: beam off. */
  readonly dose_per_frame: readonly number[];
  /** Indicator: [frames] counts in A + B, and in A; null: the frame was dropped, its dose delivered. */
  readonly n?: readonly (number | null)[];
  readonly k?: readonly (number | null)[];
  /** Spectra: [frames][channels]. */
  readonly counts?: readonly (readonly number[] | null)[];
  readonly truth: DoseTruth;
}

/** A file of format `dose-stream/1`. */
export interface DoseFile {
  readonly schema: 'dose-stream/1';
  readonly mode: 'indicator' | 'spectra';
  readonly scenario: string;
  readonly tolerance: number;
  readonly nominal_dose_per_frame: number;
  readonly dose_unit: string;
  readonly p_intact?: number;
  readonly p_damaged?: number;
  readonly intact?: readonly number[];
  readonly damaged?: readonly number[];
  readonly streams: readonly DoseStream[];
}

/** All files of a folder, in the order of their names. @throws Error when there is none. */
export function readDoseFiles(folder: string): { name: string; file: DoseFile }[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  const files = names.map((name) => ({
    name: name.slice(0, -'.json'.length),
    file: JSON.parse(readFileSync(join(folder, name), 'utf8')) as DoseFile,
  }));
  const known = files.filter(({ file }) => file.schema === 'dose-stream/1');
  if (known.length === 0) throw new Error(`${folder}: no file of format dose-stream/1`);
  return known;
}
