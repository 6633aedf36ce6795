/**
 * The normal equivalent of a chi-square-like sum of squares, from its first three cumulants.
 *
 * The sum is matched to a shifted chi-square of k = 8 / skewness^2 degrees of freedom, and that is made
 * normal by the cube root of Wilson and Hilferty. For Poisson counts of mean mu the squares (y - mu)^2 / mu
 * have variance 2 + 1/mu and third cumulant 8 + 22/mu + 1/mu^2, of which 1/mu and 18/mu + 1/mu^2 go with the total
 * and are gone when a gain is fitted and all means are equal.
 *
 * @param sum - the sum of squares.
 * @param mean - its expectation.
 * @param variance - its variance, > 0.
 * @param third - its third cumulant, > 0.
 * @returns standard deviations above (positive) or below the mean.
 * @see Wilson and Hilferty, Proc. Natl. Acad. Sci. 17 (1931) 684.
 * @example
 * chiSquareNormal(100, 100, 200, 800).toFixed(2); // => '0.05'
 */
export function chiSquareNormal(sum: number, mean: number, variance: number, third: number): number {
  const k = (8 * variance * variance * variance) / (third * third);
  const ratio = 1 + ((sum - mean) / Math.sqrt(variance)) * Math.sqrt(2 / k);
  const width = 2 / (9 * k);
  return (Math.cbrt(Math.max(ratio, 0)) - 1 + width) / Math.sqrt(width);
}
