/** Two scales >= 0 and the covariance of what was free. */
export interface NonNegativeScales {
  a: number;
  b: number;
  varianceA: number;
  covariance: number;
  varianceB: number;
  /** False: no channel says anything; both are 0. */
  determined: boolean;
}

export interface NonNegativeScalesOptions {
  /** [n] the two shapes. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** [n] 1 = fit this channel. */
  readonly fitted: Uint8Array;
  /** [n] variances that make the weights; null: max(value, 1). */
  readonly weightVariances: Float64Array | null;
  /** [n] variances of the values, for the covariance; null: max(value, 1). */
  readonly variances: Float64Array | null;
}

/** Determinant over the product of the diagonal below which the shapes are the same. */
const SAME_SHAPE = 1e-12;

/**
 * Weighted least squares of y = a first + b second with neither scale negative, in closed form: if the free solution has a negative scale,
 * the better of the two with one shape alone.
 *
 * @param values - [n].
 * @param options - see {@link NonNegativeScalesOptions}.
 * @param out - receives scales and covariance; a scale held at 0 has none.
 * @returns `out`.
 */
export function nonNegativeScales(
  values: Float64Array,
  { first, second, fitted, weightVariances, variances }: NonNegativeScalesOptions,
  out: NonNegativeScales,
): NonNegativeScales {
  let [ff, fs, ss, fy, sy] = [0, 0, 0, 0, 0];
  let [vff, vfs, vss] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (fitted[i] === 0) continue;
    // Without variance, a channel says nothing of how far it may be off.
    if (weightVariances !== null && !(weightVariances[i]! > 0)) continue;
    const y = values[i]!;
    const own = Math.max(y, 1);
    const weight = 1 / (weightVariances === null ? own : weightVariances[i]!);
    const f = first[i]! * weight;
    const s = second[i]! * weight;
    ff += f * first[i]!;
    fs += f * second[i]!;
    ss += s * second[i]!;
    fy += f * y;
    sy += s * y;
    const variance = variances === null ? own : variances[i]!;
    vff += f * f * variance;
    vfs += f * s * variance;
    vss += s * s * variance;
  }
  out.determined = ff > 0 || ss > 0;
  [out.a, out.b, out.varianceA, out.covariance, out.varianceB] = [0, 0, 0, 0, 0];
  const determinant = ff * ss - fs * fs;
  const a = (ss * fy - fs * sy) / determinant;
  const b = (ff * sy - fs * fy) / determinant;
  if (determinant > SAME_SHAPE * ff * ss && a >= 0 && b >= 0) {
    const square = determinant * determinant;
    out.a = a;
    out.b = b;
    out.varianceA = (ss * ss * vff - 2 * ss * fs * vfs + fs * fs * vss) / square;
    out.varianceB = (ff * ff * vss - 2 * ff * fs * vfs + fs * fs * vff) / square;
    out.covariance = ((ff * ss + fs * fs) * vfs - ss * fs * vff - ff * fs * vss) / square;
    return out;
  }
  const gainFirst = ff > 0 && fy > 0 ? (fy * fy) / ff : 0;
  const gainSecond = ss > 0 && sy > 0 ? (sy * sy) / ss : 0;
  if (gainFirst > 0 && gainFirst >= gainSecond) {
    out.a = fy / ff;
    out.varianceA = vff / (ff * ff);
  } else if (gainSecond > 0) {
    out.b = sy / ss;
    out.varianceB = vss / (ss * ss);
  }
  return out;
}
