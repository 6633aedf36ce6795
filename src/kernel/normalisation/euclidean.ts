import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';
import type { DivisorError } from './divisorError.ts';

export interface EuclideanOptions {
  /** [n] variances of independent channels, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [n], 1 = not part of the norm. */
  readonly mask?: Uint8Array | undefined;
  /** Receives the error of the divisor; needs `variances`. */
  readonly divisor?: DivisorError | undefined;
  /** [n] receives the variances of the result; needs `variances`; may be `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Divides a spectrum by its Euclidean norm N, the root of the sum of squares: f = y / N,
 * var f_i = (v_i (1 - 2 f_i^2) + f_i^2 sum_j f_j^2 v_j) / N^2. Noise makes the norm too long.
 *
 * @param values - [n]; finite where not masked.
 * @param options - see {@link EuclideanOptions}.
 * @param out - [n], may be `values`; unchanged when 0 is returned.
 * @returns N, or 0 when every channel is 0.
 * @throws RangeError LengthMismatch, NonFiniteInput.
 */
export function divideByNorm(values: Float64Array, options: EuclideanOptions, out: Float64Array): number {
  const n = values.length;
  const { variances, mask, outVariances, divisor } = options;
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  if (mask === undefined) checkFinite(values, 'values');
  let squares = 0;
  let along = 0;
  for (let i = 0; i < n; i++) {
    if (mask?.[i] === 1) continue;
    const square = values[i]! * values[i]!;
    squares += square;
    if (variances !== undefined) along += square * variances[i]!;
  }
  if (!(squares > 0 && squares < Infinity)) return 0;
  along /= squares;
  const norm = Math.sqrt(squares);
  if (divisor !== undefined) divisor.relative = Math.sqrt(along) / norm;
  for (let i = 0; i < n; i++) {
    const f = values[i]! / norm;
    out[i] = f;
    if (variances === undefined || outVariances === undefined) continue;
    const own = mask?.[i] === 1 ? 1 : 1 - 2 * f * f;
    outVariances[i] = Math.max(0, own * variances[i]! + f * f * along) / squares;
  }
  return norm;
}
