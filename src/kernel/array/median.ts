import { quantile } from './quantile.ts';

/**
 * Median; of an even number of values the mean of the middle two.
 *
 * @param values - [n], finite, n >= 1.
 * @param scratch - as of {@link quantile}.
 * @returns the median, in the unit of the values.
 * @throws RangeError for no values.
 * @example
 * median(Float64Array.of(9, 1, 5)); // => 5
 */
export function median(values: Float64Array, scratch?: Float64Array): number {
  return quantile(values, 0.5, scratch);
}
