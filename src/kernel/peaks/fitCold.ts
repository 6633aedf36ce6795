import { fitPeaks, type FitPeaksOptions } from './fitPeaks.ts';
import type { PeakFit } from './peakFit.ts';
import { seekPeaks } from './seekPeaks.ts';

/**
 * Fits from the start of the model, and again with every peak that came out as nothing begun where it may have been missed; what fits better
 * is kept.
 *
 * @param fit - overwritten.
 * @param values - [n].
 * @param options - of {@link fitPeaks}; always cold.
 * @param isScaled - the variances are of any size.
 * @returns whether it converged.
 * @throws RangeError as {@link fitPeaks}.
 */
export function fitCold(
  fit: PeakFit,
  values: Float64Array,
  options: Omit<FitPeaksOptions, 'warm'>,
  isScaled: boolean,
): boolean {
  fitPeaks(fit, values, options);
  const { parameters, kept } = fit;
  const { axisShift = 0 } = options;
  for (let k = 0; k < fit.amplitudes.length; k++) {
    const { misfit, converged } = fit;
    kept.set(parameters);
    if (!seekPeaks(fit, values, axisShift, isScaled)) break;
    fitPeaks(fit, values, { ...options, warm: true });
    if (fit.converged && (fit.misfit < misfit || !converged)) continue;
    parameters.set(kept);
    fitPeaks(fit, values, { ...options, warm: true });
    break;
  }
  return fit.converged;
}
