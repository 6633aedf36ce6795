import { refusal } from '../refusal.ts';
import { checkWindow } from './checkWindow.ts';
import type { PowerLaw, PowerLawWindow } from './powerLaw.ts';

/**
 * Power law by a straight line through ln(counts) over ln E, each channel weighted with its counts. At a few counts per channel it errs:
 * channels without counts are left out, which lifts the line.
 *
 * @param counts - [n], finite in the window.
 * @param window - the channels that are fitted.
 * @param variances - [n] of the counts; null: Poisson. They enter the covariance, not the weights.
 * @param out - receives the fit.
 * @returns `out`.
 * @throws RangeError for a value in the window that is not finite, or fewer than two channels above 0.
 * @see Verbeeck and Van Aert, Ultramicroscopy 101 (2004) 207, on the weights.
 */
export function powerLawLogLog(
  counts: Float64Array,
  window: PowerLawWindow,
  variances: Float64Array | null,
  out: PowerLaw,
): PowerLaw {
  checkWindow(counts, window);
  const { offset, step, first, end } = window;
  const centre = Math.log(offset + 0.5 * (first + end - 1) * step);
  let [s0, s1, s2, t0, t1] = [0, 0, 0, 0, 0];
  let used = 0;
  for (let i = first; i < end; i++) {
    const y = counts[i]!;
    if (!(y > 0)) continue;
    used++;
    const x = Math.log(offset + i * step) - centre;
    const z = Math.log(y);
    s0 += y;
    s1 += y * x;
    s2 += y * x * x;
    t0 += y * z;
    t1 += y * x * z;
  }
  if (used < 2)
    throw refusal(
      used === 0 ? 'NoSignalInWindow' : 'NonPositiveWindow',
      `${used} channels above 0, expected at least 2`,
    );
  const determinant = s0 * s2 - s1 * s1;
  const level = (s2 * t0 - s1 * t1) / determinant;
  const slope = (s0 * t1 - s1 * t0) / determinant;
  // Variances of the right sides: y dz = dy in first order.
  let [v0, v1, v2] = [s0, s1, s2];
  if (variances !== null) {
    [v0, v1, v2] = [0, 0, 0];
    for (let i = first; i < end; i++) {
      if (!(counts[i]! > 0)) continue;
      const x = Math.log(offset + i * step) - centre;
      v0 += variances[i]!;
      v1 += variances[i]! * x;
      v2 += variances[i]! * x * x;
    }
  }
  const square = determinant * determinant;
  const varianceLevel = (s2 * s2 * v0 - 2 * s1 * s2 * v1 + s1 * s1 * v2) / square;
  const varianceSlope = (s0 * s0 * v2 - 2 * s0 * s1 * v1 + s1 * s1 * v0) / square;
  const between = ((s0 * s2 + s1 * s1) * v1 - s0 * s1 * v2 - s1 * s2 * v0) / square;
  out.r = -slope;
  out.lnA = level - slope * centre;
  out.varianceR = varianceSlope;
  out.covariance = centre * varianceSlope - between;
  out.varianceLnA = varianceLevel + centre * (centre * varianceSlope - 2 * between);
  out.converged = true;
  return out;
}
