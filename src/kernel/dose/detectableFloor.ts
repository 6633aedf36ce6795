import { normalQuantile } from '../change/normalTail.ts';

/** What a change is looked for in. */
export interface FloorMeans {
  /** Counts of the region per frame, signal and background together, >= 0. */
  readonly counts: number;
  /** Counts of the signal alone, > 0, at most `counts`. */
  readonly signal: number;
  /** Frames of this exposure that the expectation was learned from; Infinity when it is known. */
  readonly learnedFrames: number;
}

/** Probability with which a change as large as the floor is found within its window. */
export const FLOOR_POWER = 0.9;

/** A shorter run length than this has no threshold above zero worth the name. */
const LEAST_RUN = 2;

/**
 * Deviation that a window must show: sqrt(2 h) to be called a change, and more to be so with the stated power.
 *
 * h = 1.09 ln(run length x regions) - 0.88 nats is the threshold of a two-sided scan over windows up to 64 frames: simulated,
 * 6.63 at 1e3 frames and 9.09 at 1e4, each to 0.15; the line lies up to 0.07 above them, so that the floor is not optimistic.
 *
 * @param runLength - mean frames of quiet data between false alarms, of all regions together, >= 2.
 * @param regions - how many are watched at once, >= 1.
 * @param power - in (0, 1).
 * @returns in standard deviations.
 * @throws RangeError for a run length below 2 or a power outside (0, 1).
 */
export function floorDeviation(runLength: number, regions = 1, power = FLOOR_POWER): number {
  if (!(runLength >= LEAST_RUN)) throw new RangeError(`run length is ${runLength} frames, expected at least 2`);
  const threshold = 1.09 * Math.log(runLength * regions) - 0.88;
  return Math.sqrt(2 * threshold) + normalQuantile(1 - power);
}

/**
 * The smallest relative change of a signal that would be found within a window, by counting.
 *
 * d = (z^2 / 4n + sqrt((z^2 / 4n)^2 + z^2 L V)) / S with V = 1/n + 1/m, for S signal counts of L in all, windows of n
 * frames and m learned from; for a loss the first term is subtracted. Longer windows than m bring next to nothing.
 *
 * @param means - see {@link FloorMeans}.
 * @param window - frames n, >= 1.
 * @param deviation - z, see {@link floorDeviation}.
 * @param sign - +1 for a gain, -1 for a loss.
 * @returns relative change of the signal; above 1 for a loss: not even its disappearance would be seen. Infinity without a signal.
 * @example
 * const means = { counts: 2000, signal: 1000, learnedFrames: Infinity };
 * detectableFloor(means, 64, floorDeviation(1e4)).toFixed(3); // => '0.031'
 */
export function detectableFloor(
  { counts, signal, learnedFrames }: FloorMeans,
  window: number,
  deviation: number,
  sign: 1 | -1 = 1,
): number {
  if (!(signal > 0)) return Infinity;
  const excess = (deviation * deviation) / (4 * window);
  const variance = counts * (1 / window + 1 / learnedFrames);
  return (sign * excess + Math.sqrt(excess * excess + deviation * deviation * variance)) / signal;
}
