/**
 * How surprising a count is, in standard deviations of a normal number, when the expectation was itself counted.
 *
 * `observed` is Poisson of mean theta `expected`, and `expected` = ratio times a reference count. Given their
 * sum, `observed` is binomial; its tail is turned into a normal one by the signed root of the deviance with
 * Barndorff-Nielsen's correction in the form for whole numbers, exact to some per cent far out and at 0.05 counts.
 *
 * @param observed - counts, >= 0.
 * @param expected - counts, >= 0; below half a reference count it is taken as that.
 * @param ratio - exposure of `observed` over exposure of the reference; 0 for an exactly known expectation.
 * @returns signed; 0 when the count is as expected.
 * @see Davison, Statistical Models, Cambridge 2003, section 12.3 (r* for discrete data).
 * @example
 * countTail(5, 0.25, 0) > 4.3 && countTail(5, 0.25, 0) < 4.4; // => true
 */
export function countTail(observed: number, expected: number, ratio: number): number {
  const floor = Math.max(expected, ratio === 0 ? 1e-12 : 0.5 * ratio);
  // The lower tail "at most k" is the complement of "k + 1 or more".
  const count = observed >= floor ? observed : observed + 1;
  if (observed < floor && count >= floor) return 0;
  if (count === floor) return 0;
  let deviance: number;
  let variance: number;
  let odds: number;
  if (ratio === 0) {
    odds = Math.log(count / floor);
    deviance = count * odds - (count - floor);
    variance = count;
  } else {
    const reference = floor / ratio;
    const total = count + reference;
    const share = ratio / (1 + ratio);
    deviance = count * Math.log(count / (total * share)) + reference * Math.log(reference / (total * (1 - share)));
    variance = (count * reference) / total;
    odds = Math.log(count / floor);
  }
  const sign = odds > 0 ? 1 : -1;
  const root = sign * Math.sqrt(2 * Math.max(deviance, 0));
  if (Math.abs(root) < 0.1) return 0;
  const corrected = root + Math.log(((1 - Math.exp(-odds)) * Math.sqrt(variance)) / root) / root;
  return sign * corrected > 0 ? corrected : 0;
}
