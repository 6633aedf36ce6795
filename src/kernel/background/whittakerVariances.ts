/** Room for {@link whittakerVariances}. */
export interface WhittakerVariancesWorkspace {
  /** [6 n] factors of the rows and how they change. */
  readonly rows: Float64Array;
}

/** @param n - channels. */
export function createWhittakerVariancesWorkspace(n: number): WhittakerVariancesWorkspace {
  return { rows: new Float64Array(6 * n) };
}

/** What {@link whittakerVariances} needs to know. */
export interface WhittakerVariancesOptions {
  /** [n] weights of the solution. */
  readonly weights: Float64Array;
  readonly lambda: number;
  /** [n] variances of the values. */
  readonly variances: Float64Array;
}

/**
 * Variances of a Whittaker smoother A x = W y, the diagonal of inv(A) M inv(A) with M = W V W. As d/dt inv(A + t M) = -inv(A) M inv(A), it
 * is what the banded part of the inverse, which needs no other part, loses per t: one pass down for the factors and one up for the inverse.
 *
 * @param options - see {@link WhittakerVariancesOptions}; n >= 3.
 * @param work - of {@link createWhittakerVariancesWorkspace}.
 * @param out - [n] receives the variances, in the unit of the values squared. How weights follow the values is left out: for weights that
 *   change only where values cross the background, nothing is missing.
 * @returns `out`.
 * @see Hutchinson and de Hoog, Numer. Math. 47 (1985) 99, on the banded part of the inverse.
 */
export function whittakerVariances(
  { weights, lambda, variances }: WhittakerVariancesOptions,
  { rows }: WhittakerVariancesWorkspace,
  out: Float64Array,
): Float64Array {
  const n = weights.length;
  // A prime, as in du, is the derivative with respect to t.
  let [u, du, inverse, dInverse, before, dBefore] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const place = Math.min(i, n - 1 - i);
    const main = (place === 0 ? 1 : place === 1 ? (n === 3 ? 4 : 5) : 6) * lambda;
    const side = i === n - 1 ? 0 : (i === 0 || i === n - 2 ? -2 : -4) * lambda;
    const w = weights[i]!;
    const d = main + w - u * u * inverse - lambda * lambda * before;
    const dd = w * w * variances[i]! - u * (2 * du * inverse + u * dInverse) - lambda * lambda * dBefore;
    const nextU = side - u * lambda * inverse;
    const nextDu = -lambda * (du * inverse + u * dInverse);
    [before, dBefore] = [inverse, dInverse];
    inverse = 1 / d;
    dInverse = -inverse * inverse * dd;
    [u, du] = [nextU, nextDu];
    const row = 6 * i;
    rows[row] = inverse;
    rows[row + 1] = dInverse;
    rows[row + 2] = u * inverse;
    rows[row + 3] = du * inverse + u * dInverse;
    rows[row + 4] = i < n - 2 ? lambda * inverse : 0;
    rows[row + 5] = i < n - 2 ? lambda * dInverse : 0;
  }
  // Of the inverse S and its derivative: S(i+1, i+1), S(i+1, i+2), S(i+2, i+2).
  let [s11, s12, s22, t11, t12, t22] = [0, 0, 0, 0, 0, 0];
  for (let i = n - 1; i >= 0; i--) {
    const row = 6 * i;
    const e = rows[row + 2]!;
    const de = rows[row + 3]!;
    const c = rows[row + 4]!;
    const dc = rows[row + 5]!;
    const s01 = -e * s11 - c * s12;
    const t01 = -de * s11 - e * t11 - dc * s12 - c * t12;
    const s02 = -e * s12 - c * s22;
    const t02 = -de * s12 - e * t12 - dc * s22 - c * t22;
    const s00 = rows[row]! - e * s01 - c * s02;
    const t00 = rows[row + 1]! - de * s01 - e * t01 - dc * s02 - c * t02;
    out[i] = Math.max(0, -t00);
    [s22, t22] = [s11, t11];
    [s12, t12] = [s01, t01];
    [s11, t11] = [s00, t00];
  }
  return out;
}
