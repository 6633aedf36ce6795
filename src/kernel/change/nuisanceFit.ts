import { dot } from '../array/dot.ts';

/** Directions in which a spectrum may change without meaning, and what is derived from them once per reference. */
export interface NuisanceFit {
  /** Counts: the fitted gain makes the totals equal, so counts where the reference has none are not lost on it. */
  readonly keepsTotal: boolean;
  /** Directions [count][n]; the first is the expected spectrum itself, its coefficient the gain. */
  readonly directions: readonly Float64Array[];
  /** Weighted directions [count][n]: dot products with them are the scores. */
  readonly weighted: readonly Float64Array[];
  /** [count * count] Cholesky factor of the Gram matrix; a zero on the diagonal marks a direction that adds nothing. */
  readonly factor: Float64Array;
  /** [count] fitted coefficients of the last spectrum. */
  readonly coefficients: Float64Array;
  /** [count] their standard errors; Infinity for a direction left out. */
  readonly errors: Float64Array;
  /** [count] of counts: the most that a single one can move each coefficient, in standard errors; else 0. */
  readonly kicks: Float64Array;
}

/**
 * Room for a weighted least-squares fit of few directions.
 *
 * @param count - directions, >= 1.
 * @param n - channels.
 * @param keepsTotal - see {@link NuisanceFit}; the weights must then be those of counts.
 */
export function createNuisanceFit(count: number, n: number, keepsTotal: boolean): NuisanceFit {
  const rows = () => Array.from({ length: count }, () => new Float64Array(n));
  return {
    keepsTotal,
    directions: rows(),
    weighted: rows(),
    factor: new Float64Array(count * count),
    coefficients: new Float64Array(count),
    errors: new Float64Array(count),
    kicks: new Float64Array(count),
  };
}

/**
 * Fits a spectrum by the directions: gain, shift and the like, in `fit.coefficients`.
 *
 * @param fit - prepared by {@link prepareNuisanceFit}.
 * @param values - [n].
 */
export function fitNuisance(fit: NuisanceFit, values: Float64Array): void {
  const { weighted, factor, coefficients } = fit;
  const count = weighted.length;
  if (count === 3) scoreThree(values, weighted, coefficients);
  else for (let j = 0; j < count; j++) coefficients[j] = dot(values, weighted[j]!);
  for (let j = 0; j < count; j++) {
    let sum = coefficients[j]!;
    for (let l = 0; l < j; l++) sum -= factor[j * count + l]! * coefficients[l]!;
    coefficients[j] = factor[j * count + j] === 0 ? 0 : sum / factor[j * count + j]!;
  }
  for (let j = count - 1; j >= 0; j--) {
    if (factor[j * count + j] === 0) continue;
    let sum = coefficients[j]!;
    for (let l = j + 1; l < count; l++) sum -= factor[l * count + j]! * coefficients[l]!;
    coefficients[j] = sum / factor[j * count + j]!;
  }
}

/** What is expected: [n] sum of the directions by their coefficients. */
export function fittedSpectrum(fit: NuisanceFit, out: Float64Array): Float64Array {
  const { directions, coefficients } = fit;
  const n = out.length;
  const first = directions[0]!;
  const gain = coefficients[0]!;
  if (directions.length === 3) return threeFitted(directions, coefficients, out);
  for (let i = 0; i < n; i++) out[i] = gain * first[i]!;
  for (let j = 1; j < directions.length; j++) {
    const u = directions[j]!;
    const b = coefficients[j]!;
    if (b !== 0) for (let i = 0; i < n; i++) out[i]! += b * u[i]!;
  }
  return out;
}

/** The usual number of directions, gain, shift and slope, in one pass: half the time. */
function scoreThree(values: Float64Array, weighted: readonly Float64Array[], out: Float64Array): void {
  const a = weighted[0]!;
  const b = weighted[1]!;
  const c = weighted[2]!;
  let sumA = 0;
  let sumB = 0;
  let sumC = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    sumA += value * a[i]!;
    sumB += value * b[i]!;
    sumC += value * c[i]!;
  }
  out[0] = sumA;
  out[1] = sumB;
  out[2] = sumC;
}

function threeFitted(directions: readonly Float64Array[], coefficients: Float64Array, out: Float64Array): Float64Array {
  const a = directions[0]!;
  const b = directions[1]!;
  const c = directions[2]!;
  const byA = coefficients[0]!;
  const byB = coefficients[1]!;
  const byC = coefficients[2]!;
  for (let i = 0; i < out.length; i++) out[i] = byA * a[i]! + byB * b[i]! + byC * c[i]!;
  return out;
}
