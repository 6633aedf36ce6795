import { backgroundVariances } from '../../kernel/background/backgroundVariances.ts';
import type { BackgroundMethod, Variation } from './method.ts';

/** What a background that clips is like. */
export interface ClippedOptions {
  /** Variance of the background over that of a channel. */
  readonly share: number;
  /** Largest clipping distance, channels. */
  readonly halfWidth: number;
  /** The values are counts. */
  readonly isCounts: boolean;
}

/**
 * A background that is clipped rather than fitted, as a method. It has no linear form: its variances are a share of the channels', as
 * simulated data have it, and its channels err together over both clipping distances: 1.6 to 2.1 of them in regions twice as long, with and
 * without a peak.
 */
export function clippedMethod(
  kernel: (values: Float64Array, variation: Variation, out: Float64Array) => void,
  { share, halfWidth, isCounts }: ClippedOptions,
): BackgroundMethod {
  // Towards the ends the clipping reaches less far, and at the ends nowhere.
  const moreAtEnds = Float64Array.from({ length: halfWidth }, (_, i) =>
    Math.min(1 / share, Math.sqrt((2 * halfWidth + 1) / (2 * i + 1))),
  );
  return {
    fit({ values }, variation, out) {
      kernel(values, variation, out);
      return true;
    },
    variances({ values, variances }, background, out) {
      backgroundVariances(values, { background, variances: isCounts ? null : variances, share }, out);
      const last = out.length - 1;
      for (let i = 0; i < halfWidth && i <= last - i; i++) {
        out[i] = out[i]! * moreAtEnds[i]!;
        if (i < last - i) out[last - i] = out[last - i]! * moreAtEnds[i]!;
      }
    },
    netVariance({ variances }, _background, ofBackground, { first, end }) {
      const together = Math.min(end - first, 2 * halfWidth + 1);
      let sum = 0;
      for (let i = first; i < end; i++) sum += variances[i]! + together * ofBackground[i]!;
      return sum;
    },
  };
}
