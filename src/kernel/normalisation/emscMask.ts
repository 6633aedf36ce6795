import type { EmscWorkspace } from './emscWorkspace.ts';

/** Pivot below which the channels left no longer tell the columns apart. */
const LEAST_PIVOT = 1e-9;

/**
 * Solves for the coefficients over the channels that are not masked, and leaves the inverse of their product matrix.
 *
 * @param work - `inBasis` holds the products of the spectrum, masked channels 0, and receives the coefficients.
 * @returns false when too few channels are left.
 */
export function withoutMasked(work: EmscWorkspace, mask: Uint8Array | undefined): boolean {
  const { model, inBasis, gramInverse, row, spread } = work;
  const { count, basis, projections } = model;
  gramInverse.fill(0);
  for (let k = 0; k < count; k++) gramInverse[k * count + k] = 1;
  if (mask === undefined) return true;
  spread.set(gramInverse);
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 1) continue;
    for (let k = 0; k < count; k++)
      for (let l = 0; l < count; l++)
        spread[k * count + l] = spread[k * count + l]! - basis[k]![i]! * projections[l]![i]!;
  }
  for (let k = 0; k < count; k++) {
    const pivot = spread[k * count + k]!;
    if (!(pivot > LEAST_PIVOT)) return false;
    for (let l = 0; l < count; l++) {
      spread[k * count + l] = spread[k * count + l]! / pivot;
      gramInverse[k * count + l] = gramInverse[k * count + l]! / pivot;
    }
    for (let r = 0; r < count; r++) {
      const factor = spread[r * count + k]!;
      if (r === k) continue;
      for (let l = 0; l < count; l++) {
        spread[r * count + l] = spread[r * count + l]! - factor * spread[k * count + l]!;
        gramInverse[r * count + l] = gramInverse[r * count + l]! - factor * gramInverse[k * count + l]!;
      }
    }
  }
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let l = 0; l < count; l++) sum += gramInverse[k * count + l]! * inBasis[l]!;
    row[k] = sum;
  }
  inBasis.set(row);
  return true;
}
