import { dot } from '../array/dot.ts';
import type { NuisanceFit } from './nuisanceFit.ts';

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
  if (fit.keepsTotal) weighted[0]!.fill(largest(weighted[0]!));
  for (let j = 0; j < count; j++)
    for (let k = 0; k <= j; k++) {
      const gram = dot(directions[j]!, weighted[k]!);
      let sum = gram;
      for (let l = 0; l < k; l++) sum -= factor[j * count + l]! * factor[k * count + l]!;
      if (k < j) factor[j * count + k] = factor[k * count + k] === 0 ? 0 : sum / factor[k * count + k]!;
      else factor[j * count + j] = sum > 1e-9 * gram ? Math.sqrt(sum) : 0;
    }
  for (let j = 0; j < count; j++) fit.errors[j] = standardError(factor, count, j);
  if (fit.keepsTotal) for (let j = 1; j < count; j++) fit.kicks[j] = largest(weighted[j]!) * fit.errors[j]!;
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

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}
