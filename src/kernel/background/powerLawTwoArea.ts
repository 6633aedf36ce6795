import { refusal } from '../refusal.ts';
import { checkWindow } from './checkWindow.ts';
import type { PowerLaw, PowerLawWindow } from './powerLaw.ts';

/** Below this |x| the series of e^x / (e^x - 1) - 1 / x is the more exact. */
const SERIES = 1e-4;

/**
 * Power law from the counts in the two halves of a window, in closed form: r = 2 ln(I1 / I2) / ln(E2 / E1), and A such that the second half
 * holds its counts. The covariance follows from the variances of the two sums.
 *
 * @param counts - [n], finite in the window.
 * @param window - an odd last channel is left out; energies are those of channel centres, as is usual, though the sums run over whole channels.
 * @param variances - [n] of the counts; null: Poisson.
 * @param out - receives the fit.
 * @returns `out`.
 * @throws RangeError for a value in the window that is not finite, or a half whose sum is 0 or less.
 * @see Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), 4.4.
 */
export function powerLawTwoArea(
  counts: Float64Array,
  window: PowerLawWindow,
  variances: Float64Array | null,
  out: PowerLaw,
): PowerLaw {
  checkWindow(counts, window);
  const { offset, step, first } = window;
  const half = (window.end - first) >> 1;
  const middle = first + half;
  const end = middle + half;
  let [lower, upper, lowerVariance, upperVariance] = [0, 0, 0, 0];
  for (let i = first; i < middle; i++) {
    lower += counts[i]!;
    upper += counts[i + half]!;
    if (variances === null) continue;
    lowerVariance += variances[i]!;
    upperVariance += variances[i + half]!;
  }
  if (lower === 0 && upper === 0) throw refusal('NoSignalInWindow', 'the window holds no counts');
  if (!(lower > 0 && upper > 0))
    throw refusal('NonPositiveWindow', `halves of ${lower} and ${upper} counts, expected both above 0`);
  const relativeLower = (variances === null ? lower : lowerVariance) / (lower * lower);
  const relativeUpper = (variances === null ? upper : upperVariance) / (upper * upper);
  const e1 = offset + first * step;
  const e2 = offset + end * step;
  const e3 = 0.5 * (e1 + e2);
  const perLog = 2 / Math.log(e2 / e1);
  const r = perLog * Math.log(lower / upper);
  // ln of the integral of E^-r from E3 to E2, and its slope with 1 - r; r = 1 is no exception.
  const k = 1 - r;
  const span = Math.log(e2 / e3);
  const t = k * span;
  const integral = t === 0 ? span : (span * Math.expm1(t)) / t;
  const logIntegral = k * Math.log(e3) + Math.log(integral);
  const slope = Math.log(e3) + span * (Math.abs(t) < SERIES ? 0.5 + t / 12 : -1 / Math.expm1(-t) - 1 / t);
  const together = -perLog * relativeUpper;
  out.r = r;
  out.lnA = Math.log(upper * step) - logIntegral;
  out.varianceR = perLog * perLog * (relativeLower + relativeUpper);
  out.covariance = together + slope * out.varianceR;
  out.varianceLnA = relativeUpper + slope * (2 * together + slope * out.varianceR);
  out.converged = true;
  return out;
}
