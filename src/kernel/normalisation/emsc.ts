import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';
import { emscVariances } from './emscVariances.ts';
import { withoutMasked } from './emscMask.ts';
import type { EmscWorkspace } from './emscWorkspace.ts';

export interface EmscOptions {
  /** [n], 1 = not part of the fit. */
  readonly mask?: Uint8Array | undefined;
  /** [n] variances of independent channels, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [n] receives the variances of the result; needs `variances`; not `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/**
 * Extended multiplicative signal correction: fits x = b reference + interferents + polynomial + e and gives reference + e / b.
 *
 * What differs from the reference must be small beside it, or it pulls the scale.
 *
 * @param values - [n]; finite where not masked.
 * @param work - from `createEmscWorkspace`; receives the coefficients.
 * @param options - see {@link EmscOptions}.
 * @param out - [n], not `values`; unchanged when 0 is returned.
 * @returns b, or 0 when there is no reference in the spectrum (ZeroScale), or too few channels are left to tell. Below 0 the spectrum is
 * upside down.
 * @throws RangeError LengthMismatch, NonFiniteInput.
 * @see Martens and Stark, J. Pharm. Biomed. Anal. 9 (1991) 625; Kohler et al., Appl. Spectrosc. 59 (2005) 707.
 */
export function emsc(values: Float64Array, work: EmscWorkspace, options: EmscOptions, out: Float64Array): number {
  const { model, inBasis, coefficients, counted } = work;
  const { count, projections, triangle } = model;
  const { length: n } = values;
  const { mask, variances, outVariances } = options;
  if (n !== model.reference.length || out.length !== n)
    throw refusal('LengthMismatch', `${n} channels into ${out.length}, expected ${model.reference.length}`);
  let fitted = values;
  if (mask !== undefined) {
    for (let i = 0; i < n; i++) counted[i] = mask[i] === 1 ? 0 : values[i]!;
    fitted = counted;
  }
  project(fitted, projections, inBasis);
  for (let k = 0; k < count; k++) if (inBasis[k]! - inBasis[k]! !== 0) checkFinite(fitted, 'values');
  if (!withoutMasked(work, mask)) return 0;
  for (let k = count - 1; k >= 0; k--) {
    let rest = inBasis[k]!;
    for (let l = k + 1; l < count; l++) rest -= triangle[k * count + l]! * coefficients[l]!;
    coefficients[k] = rest / triangle[k * count + k]!;
  }
  const scale = coefficients[0]!;
  if (!(Math.abs(scale) * triangle[0]! > Number.EPSILON * normOf(inBasis))) return 0;
  correct(values, work, out);
  if (variances !== undefined && outVariances !== undefined)
    emscVariances(out, work, { mask, variances, outVariances });
  return scale;
}

/** Products with all columns, four at a time so that the values are read once. */
function project(values: Float64Array, columns: readonly Float64Array[], out: Float64Array): void {
  const n = values.length;
  const last = columns.length - 1;
  for (let k = 0; k <= last; k += 4) {
    const a = columns[k]!;
    const b = columns[Math.min(k + 1, last)]!;
    const c = columns[Math.min(k + 2, last)]!;
    const d = columns[Math.min(k + 3, last)]!;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    // Two sums to a column: one alone would wait for its own addition at every channel.
    let nextA = 0;
    let nextB = 0;
    let nextC = 0;
    let nextD = 0;
    let i = 0;
    for (; i + 1 < n; i += 2) {
      const y = values[i]!;
      const z = values[i + 1]!;
      sumA += y * a[i]!;
      sumB += y * b[i]!;
      sumC += y * c[i]!;
      sumD += y * d[i]!;
      nextA += z * a[i + 1]!;
      nextB += z * b[i + 1]!;
      nextC += z * c[i + 1]!;
      nextD += z * d[i + 1]!;
    }
    if (i < n) {
      sumA += values[i]! * a[i]!;
      sumB += values[i]! * b[i]!;
      sumC += values[i]! * c[i]!;
      sumD += values[i]! * d[i]!;
    }
    out[k] = sumA + nextA;
    if (k + 1 <= last) out[k + 1] = sumB + nextB;
    if (k + 2 <= last) out[k + 2] = sumC + nextC;
    if (k + 3 <= last) out[k + 3] = sumD + nextD;
  }
}

/** The reference and what the columns leave of the values over the scale. */
function correct(values: Float64Array, { model, inBasis, coefficients }: EmscWorkspace, out: Float64Array): void {
  const { reference, basis } = model;
  const n = values.length;
  const last = basis.length - 1;
  const perScale = 1 / coefficients[0]!;
  let from = values;
  for (let k = 0; k <= last; k += 4) {
    const a = basis[k]!;
    const b = basis[Math.min(k + 1, last)]!;
    const c = basis[Math.min(k + 2, last)]!;
    const d = basis[Math.min(k + 3, last)]!;
    const ca = inBasis[k]!;
    const cb = k + 1 <= last ? inBasis[k + 1]! : 0;
    const cc = k + 2 <= last ? inBasis[k + 2]! : 0;
    const cd = k + 3 <= last ? inBasis[k + 3]! : 0;
    if (k + 4 <= last)
      for (let i = 0; i < n; i++) out[i] = from[i]! - ca * a[i]! - cb * b[i]! - (cc * c[i]! + cd * d[i]!);
    else
      for (let i = 0; i < n; i++)
        out[i] = reference[i]! + (from[i]! - ca * a[i]! - cb * b[i]! - (cc * c[i]! + cd * d[i]!)) * perScale;
    from = out;
  }
}

function normOf(vector: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < vector.length; k++) squares += vector[k]! * vector[k]!;
  return Math.sqrt(squares);
}
