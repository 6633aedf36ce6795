import { refusal } from '../refusal.ts';

/**
 * Quantile with linear interpolation between order statistics (Hyndman and Fan's type 7, as numpy and R).
 *
 * @param values - [n], finite, n >= 1.
 * @param fraction - in [0, 1]; 0 is the minimum, 1 the maximum.
 * @param scratch - [>= n], overwritten; allocated when absent; may be `values` when their order does not matter.
 * @returns the quantile, in the unit of the values.
 * @throws RangeError for no values, or a fraction outside [0, 1].
 * @see Hyndman and Fan, Am. Stat. 50 (1996) 361.
 * @example
 * quantile(Float64Array.of(4, 1, 3, 2), 0.5); // => 2.5
 */
export function quantile(
  values: Float64Array,
  fraction: number,
  scratch: Float64Array = new Float64Array(values.length),
): number {
  const n = values.length;
  if (n === 0) throw refusal('EmptyInput', 'quantile of no values');
  if (!(fraction >= 0 && fraction <= 1)) throw refusal('OutOfRange', `fraction is ${fraction}, expected 0 to 1`);
  if (scratch.length < n) throw refusal('LengthMismatch', `scratch has ${scratch.length} elements, expected ${n}`);
  if (scratch !== values) scratch.set(values);
  const position = fraction * (n - 1);
  const lower = Math.floor(position);
  select(scratch, n, lower);
  if (lower === position) return scratch[lower]!;
  let above = Infinity;
  for (let i = lower + 1; i < n; i++) if (scratch[i]! < above) above = scratch[i]!;
  return scratch[lower]! + (position - lower) * (above - scratch[lower]!);
}

/** Hoare's quickselect: afterwards a[k] is the k-th smallest of the first n, none before it larger, none after it smaller. */
function select(a: Float64Array, n: number, k: number): void {
  let left = 0;
  let right = n - 1;
  while (left < right) {
    const pivot = a[k]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (a[i]! < pivot) i++;
      while (a[j]! > pivot) j--;
      if (i > j) break;
      const swap = a[i]!;
      a[i++] = a[j]!;
      a[j--] = swap;
    }
    if (j < k) left = i;
    if (i > k) right = j;
  }
}
