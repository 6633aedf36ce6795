/** How fast a series moves. */
export interface Speed {
  /** Unit of the values per second. */
  value: number;
  standardError: number;
}

/**
 * Slope of the last values of a series by weighted least squares.
 *
 * @param times - [>= end] in us.
 * @param weights - [>= end], 1 over the variance but for the dispersion.
 * @param from - first value used.
 * @param end - one past the last value used.
 * @param out - receives the slope; its error is Infinity when all times are equal.
 */
export function speedOf(
  values: Float64Array,
  times: Float64Array,
  weights: Float64Array,
  { from, end, dispersion }: { readonly from: number; readonly end: number; readonly dispersion: number },
  out: Speed,
): Speed {
  let mass = 0;
  let time = 0;
  let value = 0;
  for (let i = from; i < end; i++) {
    mass += weights[i]!;
    time += weights[i]! * 1e-6 * (times[i]! - times[from]!);
    value += weights[i]! * (values[i]! - values[from]!);
  }
  time /= mass;
  value /= mass;
  let square = 0;
  let product = 0;
  for (let i = from; i < end; i++) {
    const off = 1e-6 * (times[i]! - times[from]!) - time;
    square += weights[i]! * off * off;
    product += weights[i]! * off * (values[i]! - values[from]! - value);
  }
  out.value = square > 0 ? product / square : 0;
  out.standardError = square > 0 ? Math.sqrt(dispersion / square) : Infinity;
  return out;
}
