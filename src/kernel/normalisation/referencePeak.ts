import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';
import type { DivisorError } from './divisorError.ts';

/** Where a reference peak lies, in channels. */
export interface ReferencePeakPlace {
  readonly first: number;
  /** Channel after its last. */
  readonly end: number;
  /** Channels on either side whose mean is the straight background under the peak; 0 for none. */
  readonly sides: number;
}

/**
 * Weights w of the net area of a peak, sum of w y: 1 over the peak, and over the channels beside it what takes a straight line away.
 *
 * @param place - see {@link ReferencePeakPlace}.
 * @param out - [n] receives the weights.
 * @returns `out`.
 * @throws RangeError OutOfRange when the peak and its sides do not lie in the spectrum.
 */
export function referencePeakWeights({ first, end, sides }: ReferencePeakPlace, out: Float64Array): Float64Array {
  const n = out.length;
  if (!(sides >= 0 && first - sides >= 0 && end > first && end + sides <= n))
    throw refusal('OutOfRange', `channels ${first - sides} to ${end + sides}, expected a part of 0 to ${n}`);
  out.fill(0).fill(1, first, end);
  const beside = sides === 0 ? 0 : -(end - first) / (2 * sides);
  return out.fill(beside, first - sides, first).fill(beside, end, end + sides);
}

export interface WeightedSumOptions {
  /** [n] weights of the sum. */
  readonly weights: Float64Array;
  /** [n] variances of independent channels, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** Receives the error of the divisor; needs `variances`. */
  readonly divisor?: DivisorError | undefined;
  /** [n] receives the variances of the result; needs `variances`; may be `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Divides a spectrum by a weighted sum A of its own channels: f = y / A,
 * var f_i = (v_i (1 - 2 f_i w_i) + f_i^2 V) / A^2 with V the variance of A.
 *
 * @param values - [n], finite.
 * @param options - see {@link WeightedSumOptions}.
 * @param out - [n], may be `values`; unchanged when 0 is returned.
 * @returns A, or 0 when it is not positive and nothing can be divided by it.
 * @throws RangeError LengthMismatch, NonFiniteInput.
 */
export function divideByWeightedSum(values: Float64Array, options: WeightedSumOptions, out: Float64Array): number {
  const n = values.length;
  const { weights, variances, outVariances, divisor } = options;
  if (out.length !== n || weights.length !== n)
    throw refusal('LengthMismatch', `out and weights have ${out.length} and ${weights.length} elements, expected ${n}`);
  checkFinite(values, 'values');
  let sum = 0;
  let ofSum = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    sum += weight * values[i]!;
    if (variances !== undefined) ofSum += weight * weight * variances[i]!;
  }
  if (!(sum > 0 && sum < Infinity)) return 0;
  const scale = 1 / sum;
  if (divisor !== undefined) divisor.relative = Math.sqrt(ofSum) * scale;
  for (let i = 0; i < n; i++) {
    const fraction = values[i]! * scale;
    out[i] = fraction;
    if (variances === undefined || outVariances === undefined) continue;
    const own = variances[i]! * (1 - 2 * fraction * weights[i]!);
    outVariances[i] = Math.max(0, own + fraction * fraction * ofSum) * scale * scale;
  }
  return sum;
}
