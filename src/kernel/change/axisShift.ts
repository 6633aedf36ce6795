/**
 * Derivative of values along a strictly increasing axis: of the parabola through each three neighbours.
 *
 * @param values - [n].
 * @param x - [n] coordinates, strictly increasing.
 * @param out - [n] receives value per axis unit; zeros for one channel; must not be `values`.
 * @returns `out`.
 * @example
 * slopeAlong(Float64Array.of(0, 1, 4), Float64Array.of(0, 1, 2))[1]; // => 2
 */
export function slopeAlong(
  values: Float64Array,
  x: Float64Array,
  out: Float64Array = new Float64Array(values.length),
): Float64Array {
  const n = values.length;
  if (n < 2) return out.fill(0);
  for (let i = 1; i < n - 1; i++) {
    const left = x[i]! - x[i - 1]!;
    const right = x[i + 1]! - x[i]!;
    const before = (values[i]! - values[i - 1]!) / left;
    const after = (values[i + 1]! - values[i]!) / right;
    out[i] = (before * right + after * left) / (left + right);
  }
  out[0] = (values[1]! - values[0]!) / (x[1]! - x[0]!);
  out[n - 1] = (values[n - 1]! - values[n - 2]!) / (x[n - 1]! - x[n - 2]!);
  return out;
}

/** How an axis is off: a channel at coordinate x shows the true position x + shift + stretch (x - centre). */
export interface Warp {
  /** In axis units. */
  readonly shift: number;
  /** Relative: thermal expansion, a wrong dispersion. */
  readonly stretch: number;
  /** Where the stretch turns, in axis units. */
  readonly centre: number;
}

/**
 * Reads a spectrum at warped coordinates by cubic Hermite interpolation; beyond the ends it repeats them.
 *
 * @param values - [n].
 * @param slopes - [n], of {@link slopeAlong}.
 * @param x - [n] coordinates, strictly increasing.
 * @param warp - see {@link Warp}; |stretch| < 1.
 * @param out - [n] receives the values; must not be `values`.
 * @returns `out`. Without a warp the values themselves.
 * @example
 * const x = Float64Array.of(0, 1, 2);
 * readWarped(x, Float64Array.of(1, 1, 1), x, { shift: 0.5, stretch: 0, centre: 0 }, new Float64Array(3))[0]; // => 0.5
 */
export function readWarped(
  values: Float64Array,
  slopes: Float64Array,
  x: Float64Array,
  { shift, stretch, centre }: Warp,
  out: Float64Array,
): Float64Array {
  const n = values.length;
  if ((shift === 0 && stretch === 0) || n < 2) {
    out.set(values);
    return out;
  }
  let k = 0;
  for (let i = 0; i < n; i++) {
    const at = x[i]! + shift + stretch * (x[i]! - centre);
    if (at <= x[0]!) out[i] = values[0]!;
    else if (at >= x[n - 1]!) out[i] = values[n - 1]!;
    else {
      while (x[k + 1]! <= at) k++;
      const h = x[k + 1]! - x[k]!;
      const t = (at - x[k]!) / h;
      const u = 1 - t;
      out[i] =
        u * u * ((1 + 2 * t) * values[k]! + t * h * slopes[k]!) +
        t * t * ((1 + 2 * u) * values[k + 1]! - u * h * slopes[k + 1]!);
    }
  }
  return out;
}
