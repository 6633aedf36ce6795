/**
 * Density of the standard normal distribution.
 *
 * @param z - in standard deviations.
 * @example
 * normalDensity(0).toFixed(4); // => '0.3989'
 */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/**
 * Probability that a standard normal number exceeds z, to 1.2e-7 of its value.
 *
 * @param z - in standard deviations.
 * @returns in (0, 1); 0 where it underflows, beyond about 38.
 * @see Press et al., Numerical Recipes, 2nd ed., section 6.2 (Chebyshev fit of erfc).
 * @example
 * normalTail(3).toFixed(5); // => '0.00135'
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) * Math.SQRT1_2;
  const t = 1 / (1 + 0.5 * x);
  let poly = 0;
  for (let k = ERFC.length - 1; k >= 0; k--) poly = poly * t + ERFC[k]!;
  const half = 0.5 * t * Math.exp(-x * x + poly);
  return z >= 0 ? half : 1 - half;
}

const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/**
 * The z that a standard normal number exceeds with a given probability.
 *
 * @param probability - in (0, 1).
 * @returns in standard deviations, to about 1e-6.
 * @throws RangeError for a probability outside (0, 1).
 * @example
 * normalQuantile(0.00135).toFixed(2); // => '3.00'
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`probability is ${probability}, expected 0 to 1`);
  return fallingRoot((z) => normalTail(z) - probability, -38, 38);
}

/**
 * Where a falling function passes zero, by bisection.
 *
 * @param f - falls from positive at `low` to negative at `high`.
 * @returns to 1e-12 of the interval; the nearer end when there is no passage.
 */
export function fallingRoot(f: (x: number) => number, low: number, high: number): number {
  for (let k = 0; k < 60; k++) {
    const middle = 0.5 * (low + high);
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
