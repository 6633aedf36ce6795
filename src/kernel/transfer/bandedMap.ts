import { refusal } from '../refusal.ts';

/** Each channel of the master from the window of channels j - w .. j + w of the slave. */
export interface BandedMap {
  readonly kind: 'banded';
  /** w. */
  readonly halfWindow: number;
  /** [n * (2 w + 1)] coefficients, window after window; 0 where a window hangs over the end. */
  readonly coefficients: Float64Array;
  /** [n] added to each channel, in the unit of the values. */
  readonly offset: Float64Array;
}

/** Variances that go along with a spectrum. */
export interface CarriedVariances {
  /** [n] of the spectrum, channels independent. */
  readonly variances?: Float64Array | undefined;
  /** Receives those of the result; needs `variances`; not `variances`. Neighbours of the result are correlated. */
  readonly outVariances?: Float64Array | undefined;
  /**
   * [n] of {@link bandedShares}, for a banded map: each channel is then given its part of what neighbours share, so that the variances of a
   * window add up to that of its sum, or to more; a channel alone scatters less.
   */
  readonly shares?: Float64Array | undefined;
}

/** [n] how much each channel of the slave adds to the sum over all channels of the master. */
export function bandedShares({ halfWindow: w, coefficients, offset }: BandedMap): Float64Array {
  const n = offset.length;
  const shares = new Float64Array(n);
  for (let j = 0; j < n; j++)
    for (let i = Math.max(0, j - w); i < Math.min(n, j + w + 1); i++)
      shares[i] = shares[i]! + coefficients[j * (2 * w + 1) + w - j + i]!;
  return shares;
}

/**
 * Carries a spectrum over, one banded product.
 *
 * @param values - [n], finite.
 * @param carried - see {@link CarriedVariances}.
 * @param out - [n], not `values`.
 * @returns `out`.
 * @throws RangeError LengthMismatch.
 */
export function applyBanded(
  values: Float64Array,
  { halfWindow: w, coefficients, offset }: BandedMap,
  { variances, outVariances, shares }: CarriedVariances,
  out: Float64Array,
): Float64Array {
  const n = offset.length;
  if (values.length !== n || out.length !== n)
    throw refusal('LengthMismatch', `${values.length} channels into ${out.length}, expected ${n}`);
  for (let j = 0; j < n; j++) {
    const from = Math.max(0, j - w);
    const end = Math.min(n, j + w + 1);
    const at = j * (2 * w + 1) + w - j;
    let sum = offset[j]!;
    for (let i = from; i < end; i++) sum += coefficients[at + i]! * values[i]!;
    out[j] = sum;
    if (variances === undefined || outVariances === undefined) continue;
    let own = 0;
    let shared = 0;
    for (let i = from; i < end; i++) {
      const pull = coefficients[at + i]! * variances[i]!;
      own += coefficients[at + i]! * pull;
      if (shares !== undefined) shared += shares[i]! * pull;
    }
    outVariances[j] = Math.max(own, shared);
  }
  return out;
}
