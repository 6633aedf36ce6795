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
  { variances, outVariances }: CarriedVariances,
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
    let variance = 0;
    for (let i = from; i < end; i++) variance += coefficients[at + i]! * coefficients[at + i]! * variances[i]!;
    outVariances[j] = variance;
  }
  return out;
}
