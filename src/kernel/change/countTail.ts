/**
 * How surprising a count is, in standard deviations of a normal number, when the expectation was itself counted.
 *
 * `observed` is Poisson, and `expected` = ratio times a reference count. Given their sum, `observed` is binomial; its
 * tail is turned into a normal one by the signed root r of the deviance, r* = r + ln(v / r) / r with
 * v = 2 tanh(odds / 2) sd: Barndorff-Nielsen's correction with the mid-p of whole numbers. Good to some per cent of
 * the tail from 0.05 counts to the normal limit.
 *
 * @param observed - counts, >= 0.
 * @param expected - counts, >= 0; below half a reference count it is taken as that.
 * @param ratio - exposure of `observed` over exposure of the reference; 0 for an exactly known expectation.
 * @returns signed; 0 when the count is about as expected.
 * @see Davison, Statistical Models, Cambridge 2003, section 12.3 (r*); Lancaster, J. Am. Stat. Assoc. 56 (1961) 223 (mid-p).
 * @example
 * countTail(5, 0.25, 0).toFixed(1); // => '4.5'
 */
export function countTail(observed: number, expected: number, ratio: number): number {
  const mean = Math.max(expected, ratio === 0 ? 1e-12 : 0.5 * ratio);
  const reference = ratio === 0 ? Infinity : mean / ratio;
  const deviance = ratio === 0 ? known(observed, mean) : counted(observed, reference, ratio);
  const size = Math.sqrt(2 * Math.max(deviance, 0));
  if (size < 0.5) return 0;
  if (observed === 0) {
    // Half the chance of no count at all, exp(-deviance) / 2.
    return -Math.max(size - Math.log((size * Math.sqrt(2 * Math.PI)) / 2) / size, 0);
  }
  const odds = Math.abs(Math.log(observed / mean));
  const deviation = Math.sqrt(ratio === 0 ? observed : (observed * reference) / (observed + reference));
  const corrected = size + Math.log((2 * Math.tanh(odds / 2) * deviation) / size) / size;
  return (observed > mean ? 1 : -1) * Math.max(corrected, 0);
}

function known(observed: number, mean: number): number {
  return observed === 0 ? mean : observed * Math.log(observed / mean) - (observed - mean);
}

function counted(observed: number, reference: number, ratio: number): number {
  const now = ((observed + reference) * ratio) / (1 + ratio);
  const then = (observed + reference) / (1 + ratio);
  return (observed === 0 ? 0 : observed * Math.log(observed / now)) + reference * Math.log(reference / then);
}
