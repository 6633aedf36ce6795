/** Share of a direction that must be its own, squared: below it, a parameter is taken to be a mixture of others. */
const LEAST = 1e-11;
/** Part of such a mixture from which a parameter counts as involved. */
const INVOLVED = 1e-3;

/**
 * Inverse of a normal matrix (symmetric, positive semidefinite), and which parameters the data do not determine: those without influence,
 * and all that take part in a mixture that has none. Parameters left out by `use` have rows of 0.
 *
 * @param matrix - [p * p]; destroyed.
 * @param use - [p], 0 = leave out.
 * @param out - [p * p] receives the inverse over what is determined.
 * @param undetermined - [p] receives 1 where the data say nothing.
 * @param scale - [p] scratch.
 * @returns how many are undetermined.
 */
export function invertNormal(
  matrix: Float64Array,
  use: Uint8Array,
  out: Float64Array,
  undetermined: Uint8Array,
  scale: Float64Array,
): number {
  const p = use.length;
  out.fill(0);
  undetermined.fill(0);
  for (let k = 0; k < p; k++) {
    const diagonal = matrix[k * p + k]!;
    scale[k] = use[k] === 1 && diagonal > 0 && diagonal < Infinity ? 1 / Math.sqrt(diagonal) : 0;
    if (use[k] === 1 && scale[k] === 0) undetermined[k] = 1;
    out[k * p + k] = 1;
  }
  for (let k = 0; k < p; k++) for (let l = 0; l < p; l++) matrix[k * p + l]! *= scale[k]! * scale[l]!;
  for (let k = 0; k < p; k++) {
    if (scale[k] === 0) continue;
    const pivot = matrix[k * p + k]!;
    if (!(pivot > LEAST)) {
      // What is left of this column is how it is mixed from those before.
      for (let r = 0; r < k; r++) if (scale[r]! > 0 && Math.abs(matrix[r * p + k]!) > INVOLVED) undetermined[r] = 1;
      undetermined[k] = 1;
      scale[k] = 0;
      continue;
    }
    for (let l = 0; l < p; l++) {
      matrix[k * p + l]! /= pivot;
      out[k * p + l]! /= pivot;
    }
    for (let r = 0; r < p; r++) {
      const factor = matrix[r * p + k]!;
      if (r === k || factor === 0) continue;
      for (let l = 0; l < p; l++) {
        matrix[r * p + l]! -= factor * matrix[k * p + l]!;
        out[r * p + l]! -= factor * out[k * p + l]!;
      }
    }
  }
  let count = 0;
  for (let k = 0; k < p; k++) {
    count += undetermined[k]!;
    for (let l = 0; l < p; l++) {
      if (scale[k] === 0 || scale[l] === 0) out[k * p + l] = 0;
      else out[k * p + l]! *= scale[k]! * scale[l]!;
    }
  }
  return count;
}
