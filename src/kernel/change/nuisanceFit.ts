/** Directions in which a spectrum may change without meaning, and what is derived from them once per reference. */
export interface NuisanceFit {
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
}

/**
 * Room for a weighted least-squares fit of few directions.
 *
 * @param count - directions, >= 1.
 * @param n - channels.
 */
export function createNuisanceFit(count: number, n: number): NuisanceFit {
  const rows = () => Array.from({ length: count }, () => new Float64Array(n));
  return {
    directions: rows(),
    weighted: rows(),
    factor: new Float64Array(count * count),
    coefficients: new Float64Array(count),
    errors: new Float64Array(count),
  };
}

/**
 * Weighs the directions and factors their Gram matrix. A direction that is a mixture of those before it
 * (the slope of a flat spectrum) is left out: its coefficient stays 0.
 *
 * @param fit - its `directions` filled in.
 * @param weights - [n] one over the variance; 0 for channels not in use.
 */
export function prepareNuisanceFit(fit: NuisanceFit, weights: Float64Array): void {
  const { directions, weighted, factor } = fit;
  const count = directions.length;
  const n = weights.length;
  for (let j = 0; j < count; j++) {
    const u = directions[j]!;
    const w = weighted[j]!;
    for (let i = 0; i < n; i++) w[i] = u[i]! * weights[i]!;
  }
  for (let j = 0; j < count; j++)
    for (let k = 0; k <= j; k++) {
      const gram = dot(directions[j]!, weighted[k]!);
      let sum = gram;
      for (let l = 0; l < k; l++) sum -= factor[j * count + l]! * factor[k * count + l]!;
      if (k < j) factor[j * count + k] = factor[k * count + k] === 0 ? 0 : sum / factor[k * count + k]!;
      else factor[j * count + j] = sum > 1e-9 * gram ? Math.sqrt(sum) : 0;
    }
  for (let j = 0; j < count; j++) fit.errors[j] = standardError(factor, count, j);
}

/** Root of the j-th diagonal element of the inverse Gram matrix: the norm of L^-1 e_j. */
function standardError(factor: Float64Array, count: number, j: number): number {
  if (factor[j * count + j] === 0) return Infinity;
  const column = [1 / factor[j * count + j]!];
  let norm = column[0]! * column[0]!;
  for (let i = j + 1; i < count; i++) {
    let sum = 0;
    for (let l = j; l < i; l++) sum -= factor[i * count + l]! * column[l - j]!;
    const pivot = factor[i * count + i]!;
    const element = pivot === 0 ? 0 : sum / pivot;
    column.push(element);
    norm += element * element;
  }
  return Math.sqrt(norm);
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
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
