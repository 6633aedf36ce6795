import type { TwoSampleState } from './twoSampleState.ts';

/** A reference from elsewhere: sums over quiet frames, on the true axis. */
export interface GivenReference {
  readonly frames: number;
  /** Of all frames together, microseconds. */
  readonly exposureUs: number;
  /** [n] */
  readonly sum: Float64Array;
  /** [n] sum of squared values. */
  readonly sumOfSquares: Float64Array;
}

/**
 * Takes a given reference instead of a learned one. Where noise is learned by channel, its variances are those of
 * the given frames about their mean: what their intensity did is in them.
 */
export function giveReference(state: TwoSampleState, given: GivenReference, learnsNoise: boolean): void {
  const { frames } = state;
  const { sum, sumOfSquares } = given;
  frames.reference.set(sum);
  frames.referenceCount = given.frames;
  frames.referenceExposureUs = given.exposureUs;
  if (!learnsNoise) return;
  for (let i = 0; i < sum.length; i++)
    state.squares[i] = Math.max(sumOfSquares[i]! - (sum[i]! * sum[i]!) / given.frames, 0);
  state.freedom = given.frames - 1;
}
