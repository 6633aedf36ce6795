/** The mean of the first frames: plain data. */
export type LearnedSpectrum = {
  learnedCount: number;
  /** Mean exposure, microseconds. */
  exposureUs: number;
  values: Float64Array;
  variances: Float64Array;
  mask: Uint8Array;
};

/** What one frame adds to {@link learnSpectrum}. */
export interface LearnSpectrumOptions {
  /** Frames the mean is taken over. */
  readonly learn: number;
  /** Microseconds. */
  readonly exposureUs: number;
  /** [n]; left out, one each. */
  readonly variances?: Float64Array | undefined;
  /** [n], 1 = do not use; a channel that is masked once is not used at all. */
  readonly mask?: Uint8Array | undefined;
}

/** @param n - channels. */
export const createLearnedSpectrum = (n: number): LearnedSpectrum => ({
  learnedCount: 0,
  exposureUs: 0,
  values: new Float64Array(n),
  variances: new Float64Array(n),
  mask: new Uint8Array(n),
});

/**
 * Adds a frame to the mean.
 *
 * @param learned - changed in place; complete when `learnedCount` is `learn`. Its variances are those of one frame, not of the mean.
 * @param values - [n].
 */
export function learnSpectrum(
  learned: LearnedSpectrum,
  values: Float64Array,
  { learn, exposureUs, variances, mask }: LearnSpectrumOptions,
): void {
  const share = 1 / learn;
  for (let i = 0; i < values.length; i++) {
    if (mask !== undefined && mask[i] === 1) {
      learned.mask[i] = 1;
      continue;
    }
    learned.values[i]! += values[i]! * share;
    learned.variances[i]! += variances === undefined ? share : variances[i]! * share;
  }
  learned.exposureUs += exposureUs * share;
  learned.learnedCount++;
}
