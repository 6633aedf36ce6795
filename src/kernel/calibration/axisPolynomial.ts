import { invertNormal } from '../peaks/normalInverse.ts';
import { refusal } from '../refusal.ts';

/** Lines that were found, and where they belong. */
export interface AxisLines {
  /** [m] where they were found. */
  readonly positions: ArrayLike<number>;
  /** [m] where they belong, in the unit of the calibrated axis. */
  readonly references: ArrayLike<number>;
  /** [m] one standard deviation of reference - fit, in the unit of the references; left out, all alike, and their size comes from the residuals. */
  readonly errors?: ArrayLike<number> | undefined;
}

export interface AxisPolynomial {
  /** [degree + 1] of rising powers of the position. */
  readonly coefficients: Float64Array;
  /** [(degree + 1)^2]; NaN when neither errors nor a line to spare tell the noise. */
  readonly covariance: Float64Array;
  /** [m] reference - fit. */
  readonly residuals: Float64Array;
  /** Of the residuals, weighed by the errors where given. */
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

/**
 * Calibrates an axis from lines of known position by weighted least squares: reference = c0 + c1 position + c2 position^2 + ...
 * With degree 0 the gain is held at 1: reference = position + c0, and coefficients are [c0, 1] with a covariance for both.
 *
 * @param lines - see {@link AxisLines}.
 * @param degree - 0 (offset), 1 (offset and gain), 2 or more.
 * @throws RangeError 'EmptyInput' without lines, 'LengthMismatch', 'NonFiniteInput', 'Underdetermined' for fewer lines than coefficients,
 * 'RankDeficientModel' when lines at the same place make as few.
 */
export function fitAxisPolynomial({ positions, references, errors }: AxisLines, degree: number): AxisPolynomial {
  const m = positions.length;
  checkLines(positions, references, errors);
  const p = degree + 1;
  if (m < p) throw refusal('Underdetermined', `${m} lines for ${p} coefficients`);
  let centre = 0;
  for (let i = 0; i < m; i++) centre += positions[i]! / m;
  let span = 0;
  for (let i = 0; i < m; i++) span = Math.max(span, Math.abs(positions[i]! - centre));
  if (span === 0) span = 1;
  const matrix = new Float64Array(p * p);
  const right = new Float64Array(p);
  for (let i = 0; i < m; i++) {
    const u = (positions[i]! - centre) / span;
    const weight = 1 / (errors?.[i] ?? 1) ** 2;
    const target = references[i]! - (degree === 0 ? positions[i]! : 0);
    for (let a = 0; a < p; a++) {
      right[a]! += weight * u ** a * target;
      for (let b = 0; b < p; b++) matrix[a * p + b]! += weight * u ** (a + b);
    }
  }
  const inverse = new Float64Array(p * p);
  const lost = invertNormal(matrix, new Uint8Array(p).fill(1), inverse, new Uint8Array(p), new Float64Array(p));
  if (lost > 0) throw refusal('RankDeficientModel', `${m} lines at too few different places for ${p} coefficients`);
  const scaled = Float64Array.from({ length: p }, (_, a) => sumOver(p, (b) => inverse[a * p + b]! * right[b]!));
  const raw = rawPowers(p, centre, span);
  const size = Math.max(p, 2);
  const coefficients = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  for (let a = 0; a < p; a++) {
    coefficients[a] = sumOver(p, (k) => raw[a * p + k]! * scaled[k]!);
    for (let b = 0; b < p; b++)
      covariance[a * size + b] = sumOver(p, (k) =>
        sumOver(p, (l) => raw[a * p + k]! * inverse[k * p + l]! * raw[b * p + l]!),
      );
  }
  if (degree === 0) coefficients[1] = 1;
  const residuals = Float64Array.from(
    references,
    (reference, i) => reference - polynomial(coefficients, positions[i]!),
  );
  const chiSquare = residuals.reduce((sum, residual, i) => sum + (residual / (errors?.[i] ?? 1)) ** 2, 0);
  const degreesOfFreedom = m - p;
  if (errors === undefined)
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++)
        covariance[a * size + b]! *= degreesOfFreedom > 0 ? chiSquare / degreesOfFreedom : NaN;
  return { coefficients, covariance, residuals, chiSquare, degreesOfFreedom };
}

/** c0 + c1 x + c2 x^2 + ... */
export function polynomial(coefficients: ArrayLike<number>, x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]!;
  return sum;
}

/** @throws RangeError for no lines, lists of different length, or what is not finite. */
export function checkLines(
  positions: ArrayLike<number>,
  references: ArrayLike<number>,
  errors: ArrayLike<number> | undefined,
): void {
  const m = positions.length;
  if (m === 0) throw refusal('EmptyInput', 'an axis cannot be calibrated from no lines');
  for (const list of [references, errors])
    if (list !== undefined && list.length !== m)
      throw refusal('LengthMismatch', `${list.length} references or errors for ${m} positions`);
  for (let i = 0; i < m; i++) {
    const error = errors?.[i] ?? 1;
    if (!Number.isFinite(positions[i]) || !Number.isFinite(references[i]) || !(error > 0 && error < Infinity))
      throw refusal(
        'NonFiniteInput',
        `line ${i} is at ${positions[i]}, belongs to ${references[i]} +- ${error}, expected finite numbers`,
      );
  }
}

function sumOver(count: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
}

/** [p * p] how the coefficients of powers of x follow from those of powers of (x - centre) / span. */
function rawPowers(p: number, centre: number, span: number): Float64Array {
  const raw = new Float64Array(p * p);
  for (let k = 0; k < p; k++) {
    let binomial = 1;
    for (let a = k; a >= 0; a--) {
      raw[a * p + k] = (binomial * (-centre) ** (k - a)) / span ** k;
      binomial = (binomial * a) / (k - a + 1);
    }
  }
  return raw;
}
