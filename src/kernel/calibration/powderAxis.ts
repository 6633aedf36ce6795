import { invertNormal } from '../peaks/normalInverse.ts';
import { refusal } from '../refusal.ts';
import { checkLines, type AxisLines } from './axisPolynomial.ts';

const DEGREES = 180 / Math.PI;

/** What is wrong with a diffractometer: its zero, and how far the sample stands from the focusing circle. */
export interface PowderAxis {
  /** Degrees of 2 theta, added to what is observed. */
  readonly zero: number;
  /** In the unit of the radius, > 0 away from the centre of the focusing circle, towards lower angles. */
  readonly displacement: number;
  /** [4] of zero and displacement; about 95 % correlated below 100 degrees. NaN when neither errors nor a line to spare tell the noise. */
  readonly covariance: Float64Array;
  /** [m] observed - reference that is left, degrees. */
  readonly residuals: Float64Array;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

export interface PowderAxisOptions {
  /** Goniometer radius; the displacement has its unit. */
  readonly radius: number;
  /** With few lines, or over a short range, fit only one. @default 'both' */
  readonly fits?: 'both' | 'zero' | 'displacement';
}

/**
 * Tells the zero error of a powder diffractometer from the height of its sample:
 * observed - reference = zero - 2 s cos(theta) / R, in radians, by weighted least squares.
 *
 * @param lines - positions and references in degrees of 2 theta; errors in degrees.
 * @param options - see {@link PowderAxisOptions}.
 * @throws RangeError 'EmptyInput', 'LengthMismatch', 'NonFiniteInput', 'Underdetermined' for one line and two numbers, 'RankDeficientModel'
 * when all lines lie at one angle, 'OutOfRange' for a radius that is not positive.
 * @see Klug & Alexander, X-Ray Diffraction Procedures, 2nd ed. (1974), section 5-2.
 */
export function fitPowderAxis(lines: AxisLines, { radius, fits = 'both' }: PowderAxisOptions): PowderAxis {
  const { positions, references, errors } = lines;
  checkLines(positions, references, errors);
  if (!(radius > 0)) throw refusal('OutOfRange', `the radius is ${radius}, expected a positive number`);
  const m = positions.length;
  const use = Uint8Array.of(fits === 'displacement' ? 0 : 1, fits === 'zero' ? 0 : 1);
  const fitted = use[0]! + use[1]!;
  if (m < fitted) throw refusal('Underdetermined', `${m} lines for ${fitted} numbers`);
  const slopeAt = (i: number): number => powderSlope(references[i]!, radius);
  const matrix = new Float64Array(4);
  const right = new Float64Array(2);
  for (let i = 0; i < m; i++) {
    const weight = 1 / (errors?.[i] ?? 1) ** 2;
    const slope = slopeAt(i);
    const shift = positions[i]! - references[i]!;
    matrix[0]! += weight;
    matrix[1]! += weight * slope;
    matrix[3]! += weight * slope * slope;
    right[0]! += weight * shift;
    right[1]! += weight * slope * shift;
  }
  matrix[2] = matrix[1]!;
  const covariance = new Float64Array(4);
  const lost = invertNormal(matrix, use, covariance, new Uint8Array(2), new Float64Array(2));
  if (lost > 0) throw refusal('RankDeficientModel', `${m} lines at one angle do not tell zero from displacement`);
  const zero = covariance[0]! * right[0]! + covariance[1]! * right[1]!;
  const displacement = covariance[2]! * right[0]! + covariance[3]! * right[1]!;
  const residuals = Float64Array.from(
    references,
    (reference, i) => positions[i]! - reference - zero - displacement * slopeAt(i),
  );
  const chiSquare = residuals.reduce((sum, residual, i) => sum + (residual / (errors?.[i] ?? 1)) ** 2, 0);
  const degreesOfFreedom = m - fitted;
  if (errors === undefined)
    for (let k = 0; k < 4; k++) covariance[k]! *= degreesOfFreedom > 0 ? chiSquare / degreesOfFreedom : NaN;
  return { zero, displacement, covariance, residuals, chiSquare, degreesOfFreedom };
}

/** Shift in degrees of 2 theta per unit of displacement. */
function powderSlope(twoTheta: number, radius: number): number {
  return (-2 * DEGREES * Math.cos((0.5 * twoTheta) / DEGREES)) / radius;
}

/** Where an observed angle belongs, degrees of 2 theta; the shift is taken at the angle it leads to. */
export function correctTwoTheta(
  observed: number,
  { zero, displacement }: Pick<PowderAxis, 'zero' | 'displacement'>,
  radius: number,
): number {
  let angle = observed;
  for (let round = 0; round < 4; round++) angle = observed - zero - displacement * powderSlope(angle, radius);
  return angle;
}
