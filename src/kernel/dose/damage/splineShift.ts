/**
 * Second derivatives of the natural cubic spline through equally spaced points.
 *
 * @param y - [n] values, one per channel.
 * @param curvature - [n] overwritten: per channel squared, 0 at both ends; made when left out.
 * @param upper - [n] scratch; made when left out.
 */
export function splineCurvature(
  y: Float64Array,
  curvature: Float64Array = new Float64Array(y.length),
  upper: Float64Array = new Float64Array(y.length),
): Float64Array {
  const n = y.length;
  if (n > 0) curvature[0] = curvature[n - 1] = 0;
  for (let i = 1; i < n - 1; i++) {
    const pivot = 4 - upper[i - 1]!;
    upper[i] = 1 / pivot;
    curvature[i] = (6 * (y[i + 1]! - 2 * y[i]! + y[i - 1]!) - curvature[i - 1]!) / pivot;
  }
  for (let i = n - 2; i > 0; i--) curvature[i]! -= upper[i]! * curvature[i + 1]!;
  return curvature;
}

/**
 * Moves a spectrum along its channels: out[i] = y(i + shift), constant beyond its ends.
 *
 * @param curvature - of {@link splineCurvature}.
 * @param slope - [n] overwritten with the derivative by the shift.
 * @param bend - [n] overwritten with the second derivative.
 */
export function shiftSpline(
  y: Float64Array,
  curvature: Float64Array,
  shift: number,
  out: Float64Array,
  slope: Float64Array,
  bend: Float64Array,
): void {
  const n = y.length;
  const whole = Math.floor(shift);
  const b = shift - whole;
  const a = 1 - b;
  const c = (a * a * a - a) / 6;
  const d = (b * b * b - b) / 6;
  const e = (3 * a * a - 1) / 6;
  const g = (3 * b * b - 1) / 6;
  for (let i = 0; i < n; i++) {
    const j = i + whole;
    if (j < 0 || j >= n - 1) {
      out[i] = y[j < 0 ? 0 : n - 1]!;
      slope[i] = bend[i] = 0;
      continue;
    }
    out[i] = a * y[j]! + b * y[j + 1]! + c * curvature[j]! + d * curvature[j + 1]!;
    slope[i] = y[j + 1]! - y[j]! - e * curvature[j]! + g * curvature[j + 1]!;
    bend[i] = a * curvature[j]! + b * curvature[j + 1]!;
  }
}
