/**
 * Log-likelihood ratio of a change of a score's mean: the Poisson form with the same first three cumulants, tempered for
 * a variance that is itself estimated (as Student's t is).
 *
 * @param excess - sum over the window minus what the baseline says.
 * @param variance - of that.
 * @param skewness - third cumulant over the second.
 * @param doubt - relative variance of the variance.
 */
export function cumulantLikelihood(excess: number, variance: number, skewness: number, doubt: number): number {
  const u = (skewness * excess) / variance;
  let likelihood: number;
  if (u > -1e-3 && u < 1e-3) likelihood = ((excess * excess) / (2 * variance)) * (1 - u / 3);
  else if (u <= -1) likelihood = variance / (skewness * skewness);
  else likelihood = (variance / (skewness * skewness)) * ((1 + u) * Math.log1p(u) - u);
  return doubt === 0 ? likelihood : Math.log1p(doubt * likelihood) / doubt;
}
