import { refusal } from '../refusal.ts';

/** How a detector makes numbers of electrons: y = gain k + offset + read noise, k Poisson. */
export interface ReadoutNoise {
  /** Numbers per electron or photon, > 0. @default 1 */
  readonly gain?: number;
  /** Number read without any light. @default 0 */
  readonly offset?: number;
  /** One standard deviation of the reading without light, same unit as the values. @default 0 */
  readonly readNoise?: number;
}

/** What of a count is added before its root is taken. */
const SHIFT = 3 / 8;

/**
 * Anscombe transform 2 sqrt(k + 3/8), generalised for gain, offset and read noise: 2 sqrt((y - offset) / gain + 3/8 + (readNoise / gain)^2).
 * What comes out has a variance of 1, within 3 % from 3 counts on; below, it is smaller.
 *
 * @param values - [n], finite; where the root would be of a negative number it is taken of 0.
 * @param noise - see {@link ReadoutNoise}.
 * @param out - [n], may be `values`.
 * @returns how many channels were too low.
 * @throws RangeError OutOfRange for a gain that is not positive, LengthMismatch.
 * @see Anscombe, Biometrika 35 (1948) 246; Starck, Murtagh and Bijaoui, Image Processing and Data Analysis, Cambridge 1998.
 */
export function anscombe(
  values: Float64Array,
  { gain = 1, offset = 0, readNoise = 0 }: ReadoutNoise,
  out: Float64Array,
): number {
  if (!(gain > 0)) throw refusal('OutOfRange', `the gain is ${gain}, expected a positive number`);
  if (out.length !== values.length)
    throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${values.length}`);
  const perCount = 1 / gain;
  const shift = SHIFT + (readNoise * perCount) ** 2 - offset * perCount;
  let clampedCount = 0;
  for (let i = 0; i < values.length; i++) {
    const radicand = values[i]! * perCount + shift;
    if (radicand < 0) clampedCount++;
    out[i] = 2 * Math.sqrt(radicand > 0 ? radicand : 0);
  }
  return clampedCount;
}
