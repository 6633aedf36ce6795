import { sum } from './sum.ts';

/**
 * Arithmetic mean.
 *
 * @param values - [n], finite.
 * @param mask - [n], 1 = left out.
 * @returns the mean, in the unit of the values; NaN when nothing is left to average.
 * @example
 * mean(Float64Array.of(1, 2, 6)); // => 3
 */
export function mean(values: Float64Array, mask?: Uint8Array): number {
  let count = values.length;
  if (mask !== undefined) for (let i = 0; i < mask.length; i++) count -= mask[i]!;
  return count === 0 ? NaN : sum(values, mask) / count;
}
