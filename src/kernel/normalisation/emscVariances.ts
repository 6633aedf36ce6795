import type { EmscWorkspace } from './emscWorkspace.ts';

/** What {@link emscVariances} needs to know. */
export interface EmscVariancesOptions {
  readonly mask: Uint8Array | undefined;
  /** [n] of the spectrum. */
  readonly variances: Float64Array;
  /** [n] receives those of the corrected spectrum. */
  readonly outVariances: Float64Array;
}

/**
 * Variances of a corrected spectrum, with what each channel shares with the coefficients that were fitted to it.
 *
 * With s_i = q_i + (e_i / b) r the change of channel i per change of the coefficients (q_i the row of orthonormal columns, r the first row of
 * R^-1), h_i = G^-1 p_i the change of the coefficients per change of channel i, and D = sum v_j h_j h_j':
 * var = (v_i (1 - 2 s_i h_i) + s_i D s_i) / b^2.
 *
 * @param corrected - [n] reference + e / b.
 * @param work - after the fit.
 */
export function emscVariances(corrected: Float64Array, work: EmscWorkspace, options: EmscVariancesOptions): void {
  const { model, gramInverse, row, spread } = work;
  const { count, basis, projections, triangle } = model;
  const { mask, variances, outVariances } = options;
  const n = corrected.length;
  const scale = work.coefficients[0]!;
  // D = G^-1 (sum v p p') G^-1, the sum first.
  const inner = work.inner;
  for (let k = 0; k < count; k++)
    for (let l = 0; l <= k; l++) {
      const a = projections[k]!;
      const b = projections[l]!;
      let sum = 0;
      for (let i = 0; i < n; i++) if (mask === undefined || mask[i] !== 1) sum += variances[i]! * a[i]! * b[i]!;
      inner[k * count + l] = sum;
      inner[l * count + k] = sum;
    }
  product(gramInverse, inner, spread, count);
  product(spread, gramInverse, inner, count);
  // First row of R^-1: r R = (1, 0, 0, ...).
  for (let k = 0; k < count; k++) {
    let rest = k === 0 ? 1 : 0;
    for (let l = 0; l < k; l++) rest -= row[l]! * triangle[l * count + k]!;
    row[k] = rest / triangle[k * count + k]!;
  }
  for (let i = 0; i < n; i++) {
    const tilt = corrected[i]! - model.reference[i]!;
    let own = 0;
    let common = 0;
    for (let k = 0; k < count; k++) {
      const sk = basis[k]![i]! + tilt * row[k]!;
      let h = 0;
      let ds = 0;
      for (let l = 0; l < count; l++) {
        h += gramInverse[k * count + l]! * projections[l]![i]!;
        ds += inner[k * count + l]! * (basis[l]![i]! + tilt * row[l]!);
      }
      own += sk * h;
      common += sk * ds;
    }
    if (mask !== undefined && mask[i] === 1) own = 0;
    outVariances[i] = Math.max(0, variances[i]! * (1 - 2 * own) + common) / (scale * scale);
  }
}

function product(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let k = 0; k < count; k++)
    for (let l = 0; l < count; l++) {
      let sum = 0;
      for (let m = 0; m < count; m++) sum += a[k * count + m]! * b[m * count + l]!;
      out[k * count + l] = sum;
    }
}
