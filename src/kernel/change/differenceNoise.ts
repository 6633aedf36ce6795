/** Noise of a series from its third differences, which a steady evolution and its change of speed do not enter. Plain data. */
export type DifferenceNoise = {
  /** Running mean of squared third differences of neighbours, over what they should be. */
  near: number;
  /** The same of every other value. */
  far: number;
  /** How many entered. */
  count: number;
};

/** Third differences after which old ones are forgotten. */
const MEMORY = 64;
/** A third difference counts at most so many times the level: a jump or a turn is no noise. */
const MOST = 9;
/** Correlation of neighbouring third differences: so many of them are worth one. */
const CORRELATION = 2.31;
/** Values a third difference of every other value spans. */
export const DIFFERENCE_SPAN = 7;

export function createDifferenceNoise(): DifferenceNoise {
  return { near: 0, far: 0, count: 0 };
}

/** A series over time. */
export interface TimedSeries {
  readonly values: Float64Array;
  /** us. */
  readonly times: Float64Array;
  /** 1 over the variance, as thought. */
  readonly weights: Float64Array;
}

/**
 * Takes in the third differences of seven values.
 *
 * @param at - the first of the seven.
 */
export function learnDifference(noise: DifferenceNoise, series: TimedSeries, at: number): void {
  const near = squaredDifference(series, at + 3, 1);
  const far = squaredDifference(series, at, 2);
  if (!Number.isFinite(near + far)) return;
  noise.count++;
  const share = 1 / Math.min(noise.count, MEMORY);
  const isFirst = noise.count <= 3;
  noise.near += share * ((isFirst ? near : Math.min(near, MOST * noise.near)) - noise.near);
  noise.far += share * ((isFirst ? far : Math.min(far, MOST * noise.far)) - noise.far);
}

/**
 * Variance of a mean of many values, times their number, over what it should be. Neighbours that share noise hide it from
 * their own differences; those of every other value show it, and what they share counts twice. White noise shows the same
 * in both; so both speak, until they differ by more than two standard errors.
 */
export function noiseLevel(noise: DifferenceNoise): number {
  const { near, far } = noise;
  const limit = 1 + 2 * Math.sqrt(2 / differenceFreedom(noise));
  return far > limit * near ? far + (4 / 3) * (far - near) : 0.5 * (near + far);
}

/** Degrees of freedom behind the level. */
export function differenceFreedom({ count }: DifferenceNoise): number {
  return Math.min(count, 2 * MEMORY) / CORRELATION;
}

/**
 * Share of the later neighbour in the straight line through two neighbours at the time of the middle one.
 *
 * @param before - times, any unit; equal times give 0.5.
 */
export function middleShare(before: number, middle: number, after: number): number {
  return after > before ? (middle - before) / (after - before) : 0.5;
}

/**
 * Squared third difference of four values, over its variance when each value's is 1 over its weight. Irregular times are
 * honoured: a parabola in time gives 0. Not finite for equal times.
 *
 * @param at - the first of the four.
 * @param lag - from one to the next.
 */
export function squaredDifference({ values, times, weights }: TimedSeries, at: number, lag: number): number {
  const scale = 1 / (times[at + 3 * lag]! - times[at]!);
  let difference = 0;
  let variance = 0;
  for (let i = at; i <= at + 3 * lag; i += lag) {
    let share = 1;
    for (let k = at; k <= at + 3 * lag; k += lag) if (k !== i) share /= scale * (times[i]! - times[k]!);
    difference += share * (values[i]! - values[at]!);
    variance += (share * share) / weights[i]!;
  }
  return (difference * difference) / variance;
}
