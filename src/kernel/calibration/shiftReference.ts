import { bridgeMasked } from '../array/bridgeMasked.ts';
import { slopeAlong } from '../change/axisShift.ts';
import { refusal } from '../refusal.ts';

/** A spectrum to compare with, made once by {@link createShiftReference}. */
export interface ShiftReference {
  /** [n] channel centres, strictly increasing. */
  readonly x: Float64Array;
  readonly values: Float64Array;
  readonly slopes: Float64Array;
  /** [n] variances at the same exposure; null: Poisson counts, whose variance is the model itself. */
  readonly variances: Float64Array | null;
  /** [n], 1 = not used; null for none. */
  readonly mask: Uint8Array | null;
}

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
  // What is not used must not reach its neighbours through the interpolation.
  const known = mask === null ? values : bridgeMasked(values, mask, new Float64Array(values.length));
  return { x, values: known, slopes: slopeAlong(known, x), variances, mask };
}
