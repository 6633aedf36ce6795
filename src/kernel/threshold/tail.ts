/** How the maxima of the episodes of quiet data thin out: exponentially above a level. */
export interface Tail {
  /** Frames the maxima come from. */
  readonly frames: number;
  /** [m] falling. */
  readonly maxima: Float64Array;
  /** Where the tail begins. */
  readonly level: number;
  /** Maxima above it. */
  readonly count: number;
  /** Units of the statistic per e-fold of the run length. */
  readonly scale: number;
  /** One standard deviation of `scale`. */
  readonly scaleError: number;
}

/** Fewer maxima above the level say nothing. */
const LEAST = 10;
const MOST = 200;
/** Episodes the expected scale is worth: with few episodes it decides, with many it is overruled. */
const PRIOR = 20;
const Z95 = 1.959964;

/**
 * Fits an exponential tail to the highest fifth of the maxima, 200 at the most (peaks over threshold).
 *
 * @param maxima - [m] of independent episodes, falling.
 * @param frames - how many frames they come from.
 * @param expectedScale - units per e-fold that theory expects (1 for a log-likelihood ratio), counted as 20 episodes;
 *   null when nothing is known.
 * @returns null when there are fewer than 50 episodes.
 * @see Davison and Smith, J. R. Stat. Soc. B 52 (1990) 393
 */
export function fitTail(maxima: Float64Array, frames: number, expectedScale: number | null): Tail | null {
  const count = Math.min(MOST, Math.floor(maxima.length / 5));
  if (count < LEAST) return null;
  const level = maxima[count]!;
  let excess = 0;
  for (let i = 0; i < count; i++) excess += maxima[i]! - level;
  const weight = expectedScale === null ? 0 : PRIOR;
  const scale = (excess + weight * (expectedScale ?? 0)) / (count + weight);
  if (!(scale > 0)) return null;
  return { frames, maxima, level, count, scale, scaleError: scale / Math.sqrt(count + weight) };
}

/** A number with its 95 % interval. */
export interface Bounded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The threshold that quiet data pass once in `runLength` frames.
 *
 * Where the recording holds that many episodes it is one of their maxima; beyond, the tail goes on.
 */
export function thresholdFor(tail: Tail, runLength: number): Bounded {
  const { frames, maxima, level, count, scale, scaleError } = tail;
  const expected = frames / runLength;
  if (expected >= count) {
    const at = (rank: number): number => maxima[Math.min(Math.max(Math.round(rank), 1), maxima.length) - 1]!;
    const margin = Z95 * Math.sqrt(expected);
    return { value: at(expected), low: at(expected + margin), high: at(expected - margin) };
  }
  const folds = Math.log(count / expected);
  const margin = Z95 * Math.hypot(scale / Math.sqrt(count), scaleError * folds);
  const value = level + scale * folds;
  return { value, low: value - margin, high: value + margin };
}

/** How many frames quiet data take on average to pass a threshold. */
export function runLengthAt(tail: Tail, threshold: number): Bounded {
  const { frames, maxima, level, count, scale, scaleError } = tail;
  const folds = (threshold - level) / scale;
  if (folds <= 0) {
    let above = 0;
    while (above < maxima.length && maxima[above]! >= threshold) above++;
    const margin = Math.exp(Z95 / Math.sqrt(Math.max(above, 1)));
    const value = frames / Math.max(above, 1);
    return { value, low: value / margin, high: value * margin };
  }
  const margin = Z95 * Math.hypot(1 / Math.sqrt(count), (scaleError / scale) * folds);
  const value = (frames / count) * Math.exp(folds);
  return { value, low: value * Math.exp(-margin), high: value * Math.exp(margin) };
}
