import { slopeAlong } from '../change/axisShift.ts';
import { refusal } from '../refusal.ts';
import type { ShiftReference } from './rigidShift.ts';

/**
 * Makes a spectrum ready to be compared with.
 *
 * @param x - [n] channel centres, strictly increasing.
 * @param values - [n].
 * @param variances - [n], null for Poisson counts.
 * @param mask - [n], 1 = do not use; null for none.
 * @throws RangeError when the lengths disagree.
 */
export function createShiftReference(
  x: Float64Array,
  values: Float64Array,
  variances: Float64Array | null = null,
  mask: Uint8Array | null = null,
): ShiftReference {
  if (values.length !== x.length)
    throw refusal('LengthMismatch', `values have ${values.length} elements, expected ${x.length}`);
  return { x, values, slopes: slopeAlong(values, x), variances, mask };
}
