import type { FileContents, FileFrame, FileSeries, FrameNumber } from '../../../src/model/reader.ts';
import type { Spectrum } from './spectrum.ts';

/** A frame of which nothing is known but its spectrum and what is given. */
export const frameOf = (spectrum: Spectrum, known: Partial<FileFrame> = {}): FileFrame => ({
  timeUs: null,
  seconds: null,
  exposureUs: null,
  numbers: [],
  ...known,
  ...spectrum,
});

/** A series whose frames are in memory. */
export const readySeries = (
  name: string,
  frames: readonly FileFrame[],
  facts: Readonly<Record<string, string>> = {},
  shape: readonly number[] | null = null,
): FileSeries => ({
  name,
  frameCount: frames.length,
  layout: frames[0]!.layout,
  shape,
  facts,
  frames: (from) => frames.slice(from),
});

/** Contents that hold no file open. */
export const heldContents = (
  parts: Pick<FileContents, 'format' | 'modality' | 'series' | 'oddities'> & Partial<Pick<FileContents, 'slow'>>,
): FileContents => ({ slow: [], close: () => undefined, ...parts });

/** Names made unique by a number behind those that come again; '' for an only one that is not needed. */
export function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** A number a file states of a frame; none when it is not finite. */
export const numberIf = (name: string, value: number | null | undefined, unit: string): FrameNumber[] =>
  value === null || value === undefined || !Number.isFinite(value) ? [] : [{ name, value, unit }];
