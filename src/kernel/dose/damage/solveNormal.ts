/**
 * Solves three normal equations in place.
 *
 * @param m - [14] symmetric matrix in [0..8], of which the upper part is read; right side in [9..11], overwritten with the
 *   unknowns; the variances of the last two of them come into [12..13]. Not finite when the matrix is singular.
 */
export function solveNormal(m: Float64Array): void {
  const [a, b, c, d, e, f] = [m[0]!, m[1]!, m[2]!, m[4]!, m[5]!, m[8]!];
  const minorA = d * f - e * e;
  const minorB = c * e - b * f;
  const minorC = b * e - c * d;
  const determinant = a * minorA + b * minorB + c * minorC;
  const minorD = a * f - c * c;
  const minorE = b * c - a * e;
  const minorF = a * d - b * b;
  const [x, y, z] = [m[9]!, m[10]!, m[11]!];
  m[9] = (minorA * x + minorB * y + minorC * z) / determinant;
  m[10] = (minorB * x + minorD * y + minorE * z) / determinant;
  m[11] = (minorC * x + minorE * y + minorF * z) / determinant;
  m[12] = minorD / determinant;
  m[13] = minorF / determinant;
}
