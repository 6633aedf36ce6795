import { solveBounded } from './boundedSolve.ts';
import { addScaled } from './modelColumns.ts';
import type { PeakFit } from './peakFit.ts';

/** Least expected counts that a channel is weighed with: below, one count would outweigh all others. */
export const LEAST_EXPECTED = 1e-3;

/** Sum of the products of two columns; four sums side by side, because one would wait for itself. */
export function product(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < n; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

function weighted(column: Float64Array, weights: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = column[i]! * weights[i]!;
  return out;
}

/** The best amplitudes within their bounds for the columns and weights as they are, and the spectrum they make. */
export function solveAmplitudes(fit: PeakFit, values: Float64Array, out: Float64Array): void {
  const { columns, amplitudeProblem: problem, weights, scratch, expected } = fit;
  const { basis } = columns;
  const K = basis.length;
  for (let k = 0; k < K; k++) {
    weighted(basis[k]!, weights, scratch);
    problem.right[k] = product(scratch, values);
    for (let l = k; l < K; l++) problem.gram[k * K + l] = problem.gram[l * K + k] = product(scratch, basis[l]!);
  }
  solveBounded(problem, out);
  sumColumns(basis, out, expected);
}

/** Spectrum of these amplitudes. */
export function sumColumns(basis: readonly Float64Array[], amplitudes: Float64Array, out: Float64Array): void {
  out.fill(0);
  for (let k = 0; k < basis.length; k++) if (amplitudes[k] !== 0) addScaled(basis[k]!, amplitudes[k]!, out);
}

/** Weights of Poisson counts: 1 / expected; what is expected must not be less than {@link LEAST_EXPECTED}. */
export function weighByModel({ expected, used, weights }: PeakFit): void {
  for (let i = 0; i < weights.length; i++) {
    const m = Math.max(expected[i]!, LEAST_EXPECTED);
    expected[i] = m;
    weights[i] = used[i] === 0 ? 0 : 1 / m;
  }
}

/** Normal equations of amplitudes and free parameters together: their Schur complement is the variable projection of Kaufman. */
export function fillNormal(fit: PeakFit, values: Float64Array, amplitudes: Float64Array): void {
  const { columns, slopes, weights, scratch, expected, normal } = fit;
  const { basis, partials } = columns;
  const K = basis.length;
  const p = K + slopes.length;
  for (let j = 0; j < slopes.length; j++) slopes[j]!.fill(0);
  for (const { component, free, column } of partials)
    if (amplitudes[component] !== 0) addScaled(column, amplitudes[component]!, slopes[free]!);
  for (let k = 0; k < p; k++) {
    weighted(k < K ? basis[k]! : slopes[k - K]!, weights, scratch);
    for (let l = k; l < p; l++) {
      const sum = product(scratch, l < K ? basis[l]! : slopes[l - K]!);
      normal.matrix[k * p + l] = sum;
      normal.matrix[l * p + k] = sum;
    }
    normal.gradient[k] = product(scratch, values) - product(scratch, expected);
  }
}

/** chi^2 with the weights as they are. */
export function chiSquare({ expected, weights }: PeakFit, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const residual = values[i]! - expected[i]!;
    sum += weights[i]! * residual * residual;
  }
  return sum;
}

/** Poisson deviance 2 sum(m - y + y ln(y / m)), twice the log-likelihood ratio to a perfect model (Cash). */
export function deviance({ expected, used }: PeakFit, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (used[i] === 0) continue;
    const m = Math.max(expected[i]!, LEAST_EXPECTED);
    const y = values[i]!;
    sum += m - y + (y > 0 ? y * Math.log(y / m) : 0);
  }
  return 2 * sum;
}
