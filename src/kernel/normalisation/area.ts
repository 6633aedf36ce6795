import type { DivisorError } from './divisorError.ts';
import { refusal } from '../refusal.ts';

export interface AreaOptions {
  /** [n] variances of independent channels, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [n], 1 = not part of the sum. */
  readonly mask?: Uint8Array | undefined;
  /** First channel of the sum. @default 0 */
  readonly first?: number;
  /** Channel after the last of the sum. @default n */
  readonly end?: number;
  /** Receives the error of the divisor; needs `variances`. */
  readonly divisor?: DivisorError | undefined;
  /** [n] receives the variances of the result; needs `variances`; may be `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Divides a spectrum by its own sum S over [first, end).
 *
 * A channel inside the sum is correlated with it, so with f = y / S and V the variance of S:
 * var f = (v (1 - 2 f) + f^2 V) / S^2 inside, (v + f^2 V) / S^2 outside. For Poisson counts inside this is the binomial f (1 - f) / S.
 *
 * @param values - [n], finite.
 * @param options - see {@link AreaOptions}.
 * @param out - [n], may be `values`; unchanged when 0 is returned.
 * @returns S, or 0 when the sum is not positive and nothing can be divided by it.
 * @throws RangeError LengthMismatch; NonFiniteInput when the sum is no number.
 */
export function divideByArea(values: Float64Array, options: AreaOptions, out: Float64Array): number {
  const n = values.length;
  const { variances, mask, first = 0, end = n, outVariances, divisor } = options;
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  let area = 0;
  let areaVariance = 0;
  for (let i = first; i < end; i++) {
    if (mask !== undefined && mask[i] === 1) continue;
    area += values[i]!;
    if (variances !== undefined) areaVariance += variances[i]!;
  }
  if (area - area !== 0) throw refusal('NonFiniteInput', `the sum is ${area}, expected finite values`);
  if (!(area > 0)) return 0;
  const scale = 1 / area;
  // Where all channels are part of the sum, what they share is taken off each of them already.
  if (divisor !== undefined) divisor.relative = first === 0 && end === n ? 0 : Math.sqrt(areaVariance) * scale;
  for (let i = 0; i < n; i++) {
    const fraction = values[i]! * scale;
    out[i] = fraction;
    if (variances === undefined || outVariances === undefined) continue;
    const inside = i >= first && i < end && (mask === undefined || mask[i] !== 1);
    const own = inside ? variances[i]! * (1 - 2 * fraction) : variances[i]!;
    outVariances[i] = Math.max(0, own + fraction * fraction * areaVariance) * scale * scale;
  }
  return area;
}
