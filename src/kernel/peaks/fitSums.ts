import { solveBounded } from './boundedSolve.ts';
import { fillGram } from './fillGram.ts';
import { addScaled, scaleInto } from './modelColumns.ts';
import type { PeakFit } from './peakFit.ts';

/** Least expected counts that a channel is weighed with: below, one count would outweigh all others. */
export const LEAST_EXPECTED = 1e-3;

/**
 * Sums of the products of one column with others, four at a time: each element is read once for all four.
 *
 * @param columns - only from place `from` on.
 * @param out - receives the sum with columns[l] at `at + l`.
 */
export function productsWith(
  column: Float64Array,
  columns: readonly Float64Array[],
  from: number,
  out: Float64Array,
  at: number,
): void {
  const n = column.length;
  const last = columns.length - 1;
  for (let l = from; l <= last; l += 4) {
    const c0 = columns[l]!;
    const c1 = columns[Math.min(l + 1, last)]!;
    const c2 = columns[Math.min(l + 2, last)]!;
    const c3 = columns[Math.min(l + 3, last)]!;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < n; i++) {
      const t = column[i]!;
      s0 += t * c0[i]!;
      s1 += t * c1[i]!;
      s2 += t * c2[i]!;
      s3 += t * c3[i]!;
    }
    out[at + l] = s0;
    if (l + 1 <= last) out[at + l + 1] = s1;
    if (l + 2 <= last) out[at + l + 2] = s2;
    if (l + 3 <= last) out[at + l + 3] = s3;
  }
}

function weighted(column: Float64Array, weights: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = column[i]! * weights[i]!;
  return out;
}

/** The best amplitudes within their bounds for the columns and weights as they are, and the spectrum they make. */
export function solveAmplitudes(fit: PeakFit, values: Float64Array, out: Float64Array): void {
  const { columns, amplitudeProblem: problem, weights, scratch, expected } = fit;
  fillGram(columns.basis, weights, problem.gram);
  productsWith(weighted(values, weights, scratch), columns.basis, 0, problem.right, 0);
  solveBounded(problem, out);
  sumColumns(columns.basis, out, expected);
}

/** Spectrum of these amplitudes. */
export function sumColumns(basis: readonly Float64Array[], amplitudes: Float64Array, out: Float64Array): void {
  scaleInto(basis[0]!, amplitudes[0]!, out);
  for (let k = 1; k < basis.length; k++) if (amplitudes[k] !== 0) addScaled(basis[k]!, amplitudes[k]!, out);
}

/** Weights of Poisson counts: 1 / expected; what is expected must not be less than {@link LEAST_EXPECTED}. */
export function weighByModel({ expected, used, weights }: PeakFit): void {
  for (let i = 0; i < weights.length; i++) {
    const m = Math.max(expected[i]!, LEAST_EXPECTED);
    expected[i] = m;
    weights[i] = used[i] === 0 ? 0 : 1 / m;
  }
}

/** Gradient of half the misfit, downhill, and the slopes it needs. */
export function fillGradient(fit: PeakFit, values: Float64Array, amplitudes: Float64Array): void {
  const { columns, slopes, all, weights, scratch, expected, normal } = fit;
  for (let j = 0; j < slopes.length; j++) {
    let isFirst = true;
    for (const { component, free, column } of columns.partials) {
      if (free !== j || (amplitudes[component] === 0 && !isFirst)) continue;
      if (isFirst) scaleInto(column, amplitudes[component]!, slopes[j]!);
      else addScaled(column, amplitudes[component]!, slopes[j]!);
      isFirst = false;
    }
  }
  for (let i = 0; i < values.length; i++) scratch[i] = weights[i]! * (values[i]! - expected[i]!);
  productsWith(scratch, all, 0, normal.gradient, 0);
}

/**
 * Normal matrix of amplitudes and free parameters together, from the slopes of the last gradient: its Schur complement is the variable
 * projection of Kaufman.
 */
export function fillNormal(fit: PeakFit): void {
  fillGram(fit.all, fit.weights, fit.normal.matrix);
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
