import { refusal } from '../refusal.ts';

/** How {@link interpolate} reads between and beyond the known points. */
export interface InterpolateOptions {
  /** [n] where the values are known, strictly increasing. */
  readonly from: Float64Array;
  /** [m] where they are wanted, in any order. */
  readonly to: Float64Array;
  /** 'hold' repeats the first and last value; a number is written there. @default 'hold' */
  readonly beyond?: 'hold' | number;
}

/**
 * Piecewise linear interpolation.
 *
 * @param values - [n] at `options.from`.
 * @param options - see {@link InterpolateOptions}.
 * @param out - [m]; allocated when absent; must not be `values`.
 * @returns `out`, in the unit of the values. A NaN touches only the two intervals it borders.
 * @throws RangeError when lengths disagree or n is 0.
 * @example
 * interpolate(Float64Array.of(0, 10), { from: Float64Array.of(1, 2), to: Float64Array.of(1.5) })[0]; // => 5
 */
export function interpolate(
  values: Float64Array,
  options: InterpolateOptions,
  out: Float64Array = new Float64Array(options.to.length),
): Float64Array {
  const { from, to, beyond = 'hold' } = options;
  const n = values.length;
  const m = to.length;
  if (n === 0) throw refusal('EmptyInput', 'interpolation needs at least one value');
  if (from.length !== n) throw refusal('LengthMismatch', `from has ${from.length} elements, expected ${n}`);
  if (out.length !== m) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${m}`);
  // Wanted points mostly come in rising order: the search starts where the last one ended.
  let k = 0;
  for (let i = 0; i < m; i++) {
    const x = to[i]!;
    if (x < from[0]!) out[i] = beyond === 'hold' ? values[0]! : beyond;
    else if (x > from[n - 1]!) out[i] = beyond === 'hold' ? values[n - 1]! : beyond;
    else {
      if (x < from[k]!) k = 0;
      while (k < n - 2 && x >= from[k + 1]!) k++;
      if (n === 1 || x === from[k]) out[i] = values[k]!;
      else {
        const t = (x - from[k]!) / (from[k + 1]! - from[k]!);
        out[i] = t === 1 ? values[k + 1]! : values[k]! + t * (values[k + 1]! - values[k]!);
      }
    }
  }
  return out;
}
