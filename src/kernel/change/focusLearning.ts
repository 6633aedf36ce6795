import { median } from '../array/median.ts';
import { isSteady, type Steadiness } from './steady.ts';

/** The last frames, from which a level is learned: plain data. */
export type FocusLearning = { count: number; values: Float64Array; exposures: Float64Array; variances: Float64Array };

/** What was learned. */
export type LearnedLevel = {
  /** Value per unit of exposure. */
  level: number;
  /** Counts, or information, it was learned from. */
  learned: number;
  /** Variance over mean of counts; over the given variance of other values. 1 with fewer than two frames. */
  dispersion: number;
  /** Variance of a value at unit exposure. */
  variance: number;
  /** Frames used. */
  frames: number;
};

/** Standard deviations from the median beyond which a frame does not enter. */
const FAR = 6;

export const createFocusLearning = (frames: number): FocusLearning => ({
  count: 0,
  values: new Float64Array(frames),
  exposures: new Float64Array(frames),
  variances: new Float64Array(frames),
});

/** Adds a frame. @param variance - of the value, where it is given; else 1. */
export function addToLearning(learning: FocusLearning, value: number, exposure: number, variance: number): void {
  const { count } = learning;
  learning.values[count] = value;
  learning.exposures[count] = exposure;
  learning.variances[count] = variance;
  learning.count++;
}

/**
 * Whether the frames, as many as were asked for, look steady. If not, the oldest quarter is forgotten.
 *
 * @param scratch - [n] and [n].
 * @returns null when they do not.
 */
export function steadyOrLater(
  learning: FocusLearning,
  rates: Float64Array,
  scratch: Float64Array<ArrayBuffer>,
): Steadiness {
  const { values, exposures, variances, count } = learning;
  for (let i = 0; i < count; i++) rates[i] = values[i]! / exposures[i]!;
  // Too few frames to judge are taken as they are: who asks for so few knows.
  const found = count < 8 ? { steady: true, trend: 0, trendError: Infinity } : isSteady(rates, count, scratch);
  if (found.steady) return found;
  const dropped = Math.max(1, count >> 2);
  for (const list of [values, exposures, variances]) list.copyWithin(0, dropped, count);
  learning.count = count - dropped;
  return found;
}

/**
 * The level of the frames, without those that lie far off.
 *
 * @param kind - 'counts': variance = mean; 'given': by their variances; 'learned': all alike, the variance is found too.
 * @param scratch - [n] and [n], overwritten.
 */
export function learnLevel(
  { count, values, exposures, variances }: FocusLearning,
  kind: 'counts' | 'given' | 'learned',
  rates: Float64Array,
  scratch: Float64Array,
): LearnedLevel {
  for (let i = 0; i < count; i++) rates[i] = values[i]! / exposures[i]!;
  scratch.set(rates);
  const middle = median(scratch.subarray(0, count), scratch.subarray(0, count));
  for (let i = 0; i < count; i++) scratch[i] = Math.abs(rates[i]! - middle);
  const spread = median(scratch.subarray(0, count), scratch.subarray(0, count)) / 0.6745;
  const ownVariance = (i: number, level: number): number => {
    if (kind === 'counts') return Math.max(level * exposures[i]!, 1);
    return kind === 'given' ? variances[i]! : 0;
  };
  const isNear = (i: number): boolean => {
    const own = Math.sqrt(ownVariance(i, middle)) / exposures[i]!;
    return Math.abs(rates[i]! - middle) <= FAR * Math.max(own, spread) || Math.max(own, spread) === 0;
  };
  let [sum, weight, frames] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    if (!isNear(i)) continue;
    const [e, v] = [exposures[i]!, kind === 'given' ? variances[i]! : 1];
    sum += kind === 'counts' ? values[i]! : (e * values[i]!) / v;
    weight += kind === 'counts' ? e : (e * e) / v;
    frames++;
  }
  // A stream that gave nothing is taken to have given half a count, so that it can be watched.
  const level = (kind === 'counts' ? Math.max(0.5, sum) : sum) / weight;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    if (!isNear(i)) continue;
    const deviation = values[i]! - level * exposures[i]!;
    squares += deviation ** 2 / (kind === 'counts' ? level * exposures[i]! : kind === 'given' ? variances[i]! : 1);
  }
  const ratio = frames > 1 ? squares / (frames - 1) : 1;
  const variance = kind === 'learned' ? ratio : 1;
  const learned = kind === 'counts' ? level * weight : weight / variance;
  return { level, learned, dispersion: kind === 'learned' ? 1 : ratio, variance, frames };
}
