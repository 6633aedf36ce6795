import { median } from '../array/median.ts';

/** The usual level of a statistic and its scatter, learned and then trimmed slowly. Plain data. */
export type UsualLevel = {
  /** [learn] the first values, while learning. */
  values: Float64Array;
  count: number;
  /** Median. */
  level: number;
  /** Robust standard deviation. */
  scatter: number;
};

/** Median absolute deviation of a normal number of standard deviation 1. */
const MAD = 0.6744897501960817;

export function createUsualLevel(learn: number): UsualLevel {
  return { values: new Float64Array(learn), count: 0, level: 0, scatter: 0 };
}

/**
 * Learns the median and the median absolute deviation of the first values.
 *
 * @param scratch - [learn], overwritten.
 * @returns whether learning is complete.
 */
export function learnLevel(state: UsualLevel, value: number, scratch: Float64Array): boolean {
  const { values } = state;
  if (state.count === values.length) return true;
  values[state.count++] = value;
  if (state.count < values.length) return false;
  state.level = median(values, scratch);
  for (let i = 0; i < values.length; i++) scratch[i] = Math.abs(values[i]! - state.level);
  state.scatter = median(scratch, scratch) / MAD;
  return true;
}

/**
 * Trims level and scatter by one quiet value: stochastic approximation of the two medians. Each step is a share of the
 * scatter, whatever the value, so that no outlier moves it far.
 *
 * @param memory - values after which the old level is mostly forgotten; longer is steadier and hides less of a slow change.
 * @see Robbins and Monro, Ann. Math. Stat. 22 (1951) 400.
 */
export function trimLevel(state: UsualLevel, value: number, memory: number): void {
  const step = (2 * state.scatter) / memory;
  const distance = Math.abs(value - state.level);
  state.level += step * Math.sign(value - state.level);
  // d(MAD)/d(probability) of a normal number is about 0.8 scatter per 1/2: the same step scale serves.
  state.scatter += 0.5 * step * Math.sign(distance - MAD * state.scatter);
  if (state.scatter < 1e-300) state.scatter = 0;
}
