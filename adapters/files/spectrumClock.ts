import type { AdapterSetting } from '../../src/model/adapter.ts';
import type { FileFrame } from '../../src/model/reader.ts';
import type { FileMeaning } from './fileSettings.ts';

const DEFAULT_PERIOD_US = 1e6;

/** When the spectra of files were taken. */
export interface SpectrumClock {
  /**
   * Begins a file, or goes on with it.
   * @param changedUs - when the file last changed, for spectra without a time; null counts from `start`.
   */
  enter(path: string, isFromStart: boolean, changedUs: number | null): void;
  /** Hears of the last spectrum that was played before a restart. */
  resume(frame: FileFrame): void;
  /** Start of exposure of a spectrum, microseconds since 1970. */
  timeUs(frame: FileFrame, seq: number): number;
  /** Live time, microseconds. */
  exposureUs(frame: FileFrame): number;
}

/**
 * The file's own clock where it has one, else when the file changed, where that counts: never before the spectrum before
 * it. Else seconds since the start of a series begin at `start` for the first file and one period after the last spectrum
 * for the others. Without any of these, a spectrum comes every period.
 */
export function createSpectrumClock(
  { start, exposureMs }: Pick<FileMeaning, 'start' | 'exposureMs'>,
  { framePeriodUs, resumeAfter }: Pick<AdapterSetting, 'framePeriodUs' | 'resumeAfter'>,
): SpectrumClock {
  const startUs = Date.parse(start) * 1000;
  const periodUs = framePeriodUs ?? DEFAULT_PERIOD_US;
  let lastUs = resumeAfter?.timeUs ?? null;
  let entered: string | null = null;
  let zeroUs = startUs;
  let fileUs: number | null = null;
  const next = (): number => (lastUs === null ? startUs : lastUs + periodUs);
  return {
    enter(path, isFromStart, changedUs) {
      fileUs = changedUs;
      if (path !== entered || isFromStart) zeroUs = changedUs ?? next();
      entered = path;
    },
    resume({ timeUs, seconds }) {
      if (timeUs === null && seconds !== null && lastUs !== null) zeroUs = lastUs - seconds * 1e6;
    },
    timeUs(frame, seq) {
      const given = frame.timeUs ?? (frame.seconds === null ? null : zeroUs + frame.seconds * 1e6);
      const counted = fileUs === null ? startUs + seq * periodUs : Math.max(fileUs, lastUs === null ? 0 : next());
      lastUs = Math.round(given ?? counted);
      return lastUs;
    },
    exposureUs: (frame) => (exposureMs === undefined ? (frame.exposureUs ?? periodUs) : exposureMs * 1e3),
  };
}
