import { fallingRoot, normalDensity, normalTail } from './normalTail.ts';

/** The scan whose false alarms are to be counted. */
export interface ScanShape {
  /** Channels in use. */
  readonly channels: number;
  /** Widths of the boxes that are scanned, channels. */
  readonly widths: readonly number[];
  /** Frames averaged on the "now" side: neighbouring frames then share data and alarm together. */
  readonly window: number;
}

/**
 * Expected number of clumps per frame in which a two-sided scan of quiet data passes a threshold.
 *
 * The scan is the largest |z| over boxes of several widths at all places; z is a moving sum, whose
 * exceedances come in clumps. Per width the rate is 2 p phi(t)/t A(t, w) A(t, m) with
 * A(t, w) = t^2/w nu(t sqrt(2/w)), 1 for w = 1. Widths are added up, as if they did not overlap.
 *
 * @param threshold - in standard deviations, > 0.
 * @see Siegmund, Sequential Analysis, Springer 1985 (nu); Siegmund and Yakir, The Statistics of Gene Mapping, 2007.
 * @example
 * scanRate(4, { channels: 100, widths: [1], window: 1 }) < 0.01; // => true
 */
export function scanRate(threshold: number, { channels, widths, window }: ScanShape): number {
  const t = threshold;
  const alone = t < 2 ? normalTail(t) : normalDensity(t) / t;
  let rate = 0;
  for (const width of widths) rate += 2 * channels * alone * clumping(t, width);
  return rate * clumping(t, window);
}

/**
 * The threshold of a scan, and of the chi-square beside it, for a mean number of frames between false alarms.
 * Each gets half of the budget.
 *
 * @param runLength - frames, > 2.
 * @returns standard deviations.
 * @example
 * scanThreshold(1e4, { channels: 1000, widths: [1, 3], window: 1 }) > 5; // => true
 */
export function scanThreshold(runLength: number, shape: ScanShape): number {
  return fallingRoot((t) => scanRate(t, shape) - 0.5 / runLength, 1, 38);
}

/** The chi-square's own threshold: the z whose tail, with clumps in time, is the rate. */
export function chiSquareThreshold(rate: number, window: number): number {
  return fallingRoot((z) => normalTail(z) * clumping(z, window) - rate, 0.5, 38);
}

/** A(t, w): 1 for independent values, less where neighbours share data. */
function clumping(t: number, width: number): number {
  if (width === 1) return 1;
  const x = t * Math.sqrt(2 / width);
  const half = 0.5 - normalTail(x / 2);
  const nu = ((2 / x) * half) / ((x / 2) * (half + 0.5) + normalDensity(x / 2));
  return Math.min(1, ((t * t) / width) * nu);
}
