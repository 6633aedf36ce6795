/** Standard deviations of a Gaussian to each side; beyond them it is taken as 0. */
export const REACH = 3.2;
/** Standard deviation of a Gaussian over its full width at half maximum. */
export const SIGMA = 1 / Math.sqrt(8 * Math.log(2));

/** Places of single peaks along an axis, `pace` apart in its unit. */
export function peakPlaces(x: Float64Array, pace: number): number[] {
  if (x.length === 0) return [];
  const span = x[x.length - 1]! - x[0]!;
  const count = Math.max(1, Math.floor(span / pace));
  return Array.from({ length: count }, (_, k) => x[0]! + (span * (k + 0.5)) / count);
}

/** The channels a Gaussian of a width (FWHM) reaches. */
export function spanAt(x: Float64Array, at: number, width: number): { first: number; length: number } {
  const first = lowerBound(x, at - REACH * SIGMA * width);
  return { first, length: lowerBound(x, at + REACH * SIGMA * width) - first };
}

/** First index whose coordinate is not below `at`. */
function lowerBound(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
