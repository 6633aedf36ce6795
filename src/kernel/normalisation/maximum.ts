import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';
import type { DivisorError } from './divisorError.ts';

export interface MaximumOptions {
  /** [n] variances, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [n], 1 = not looked at. */
  readonly mask?: Uint8Array | undefined;
  /** First channel that is looked at. @default 0 */
  readonly first?: number;
  /** Channel after the last that is looked at. @default n */
  readonly end?: number;
  /** Receives the error of the divisor; needs `variances`. */
  readonly divisor?: DivisorError | undefined;
  /** [n] receives the variances of the result; needs `variances`; may be `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Divides a spectrum by its highest channel M over [first, end): f = y / M, var f = (v + f^2 v_M) / M^2, and 0 for the highest channel
 * itself. Of noisy data the highest channel is taken too high, the more so the flatter the top.
 *
 * @param values - [n]; finite over [first, end), where not masked.
 * @param options - see {@link MaximumOptions}.
 * @param out - [n], may be `values`; unchanged when 0 is returned.
 * @returns M, or 0 when no channel is positive and nothing can be divided by it.
 * @throws RangeError LengthMismatch, NonFiniteInput.
 */
export function divideByMaximum(values: Float64Array, options: MaximumOptions, out: Float64Array): number {
  const n = values.length;
  const { variances, mask, first = 0, end = n, outVariances, divisor } = options;
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  if (mask === undefined) checkFinite(values, 'values');
  let highest = -1;
  for (let i = first; i < end; i++) if (mask?.[i] !== 1 && (highest < 0 || values[i]! > values[highest]!)) highest = i;
  const maximum = highest < 0 ? 0 : values[highest]!;
  if (!(maximum > 0 && maximum < Infinity)) return 0;
  const scale = 1 / maximum;
  const ofMaximum = variances?.[highest] ?? 0;
  if (divisor !== undefined) divisor.relative = Math.sqrt(ofMaximum) * scale;
  for (let i = 0; i < n; i++) {
    const fraction = values[i]! * scale;
    out[i] = fraction;
    if (variances !== undefined && outVariances !== undefined)
      outVariances[i] = i === highest ? 0 : (variances[i]! + fraction * fraction * ofMaximum) * scale * scale;
  }
  return maximum;
}
