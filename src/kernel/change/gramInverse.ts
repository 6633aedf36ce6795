import { dot } from '../array/dot.ts';

/** Sums over the channels of a_k b_l. @param out - [K * K] receives them. */
export function gram(a: readonly Float64Array[], b: readonly Float64Array[], out: Float64Array): Float64Array {
  const K = a.length;
  for (let k = 0; k < K; k++) for (let l = 0; l < K; l++) out[k * K + l] = dot(a[k]!, b[l]!);
  return out;
}

/**
 * Inverse of a symmetric positive semidefinite matrix. A direction that is a mixture of those before it is left out:
 * its row and column are 0, and its coefficient comes out as 0.
 *
 * @param matrix - [K * K]; destroyed.
 * @param out - [K * K] receives the inverse.
 * @param scale - [K] scratch.
 */
export function invertGram(matrix: Float64Array, K: number, out: Float64Array, scale: Float64Array): Float64Array {
  out.fill(0);
  for (let k = 0; k < K; k++) scale[k] = matrix[k * K + k]! > 0 ? 1 / Math.sqrt(matrix[k * K + k]!) : 0;
  for (let k = 0; k < K; k++) for (let l = 0; l < K; l++) matrix[k * K + l]! *= scale[k]! * scale[l]!;
  for (let k = 0; k < K; k++) out[k * K + k] = 1;
  for (let k = 0; k < K; k++) {
    const pivot = matrix[k * K + k]!;
    if (!(pivot > LEAST)) {
      scale[k] = 0;
      continue;
    }
    for (let l = 0; l < K; l++) {
      matrix[k * K + l]! /= pivot;
      out[k * K + l]! /= pivot;
    }
    for (let r = 0; r < K; r++) {
      const factor = matrix[r * K + k]!;
      if (r === k || factor === 0) continue;
      for (let l = 0; l < K; l++) {
        matrix[r * K + l]! -= factor * matrix[k * K + l]!;
        out[r * K + l]! -= factor * out[k * K + l]!;
      }
    }
  }
  for (let k = 0; k < K; k++)
    for (let l = 0; l < K; l++) {
      // A product with 0 would keep what is infinite.
      if (scale[k] === 0 || scale[l] === 0) out[k * K + l] = 0;
      else out[k * K + l]! *= scale[k]! * scale[l]!;
    }
  return out;
}

/** Product of a matrix [K * K] and a vector [K]. */
export function multiply(matrix: Float64Array, vector: Float64Array, out: Float64Array): Float64Array {
  const K = vector.length;
  for (let k = 0; k < K; k++) {
    let sum = 0;
    for (let l = 0; l < K; l++) sum += matrix[k * K + l]! * vector[l]!;
    out[k] = sum;
  }
  return out;
}

/** Share of a direction that must be its own, squared. */
const LEAST = 1e-8;
