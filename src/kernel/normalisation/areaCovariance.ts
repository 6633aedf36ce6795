/**
 * Covariances of one channel with all others after division by the area S: independence is lost.
 * cov(f_i, f_j) = (delta_ij v_i - f_i v_j - f_j v_i + f_i f_j V) / S^2; for Poisson counts the multinomial (delta_ij f_i - f_i f_j) / S.
 *
 * @param fractions - [n] the divided spectrum, from `divideByArea` over all its channels.
 * @param variances - [n] variances of the spectrum before division.
 * @param area - S, > 0.
 * @param channel - i.
 * @param out - [n] receives the covariances.
 * @returns `out`.
 */
export function areaCovariance(
  fractions: Float64Array,
  variances: Float64Array,
  area: number,
  channel: number,
  out: Float64Array,
): Float64Array {
  const n = fractions.length;
  let total = 0;
  for (let j = 0; j < n; j++) total += variances[j]!;
  const scale = 1 / (area * area);
  const f = fractions[channel]!;
  const v = variances[channel]!;
  for (let j = 0; j < n; j++) out[j] = (f * fractions[j]! * total - f * variances[j]! - fractions[j]! * v) * scale;
  out[channel] = out[channel]! + v * scale;
  return out;
}
