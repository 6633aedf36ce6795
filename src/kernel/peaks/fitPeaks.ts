import { refusal } from '../refusal.ts';
import { evaluate, evaluateFirst, findFree, findStep, finishFit } from './fitSteps.ts';
import { chiSquare, deviance, fillGradient, fillNormal, weighByModel } from './fitSums.ts';
import type { PeakFit, PeakFitResult } from './peakFit.ts';

/** Where no step helps any more. */
const MOST_DAMPING = 1e12;
/** Fall of the misfit, promised for a step, that is so small that the step does not change the normal matrix. */
const SMALL_FALL = 9;
/** Of the misfit: less is no rise. */
const ROUNDING = 1e-12;

export interface FitPeaksOptions {
  /** [n] > 0; null: Poisson counts, fitted by maximum likelihood. */
  readonly variances: Float64Array | null;
  /** [n], 1 = do not use. */
  readonly mask?: Uint8Array | undefined;
  /** Added to the coordinates of the channels, axis units. @default 0 */
  readonly axisShift?: number;
  /** Begin where the last fit ended instead of at the start of the model. @default false */
  readonly warm?: boolean;
  /** Converged when the next step would lower the misfit by less: 1e-6 is a thousandth of a standard deviation. @default 1e-6 */
  readonly tolerance?: number;
  /** @default 60 */
  readonly iterations?: number;
}

/**
 * Fits a peak model to a spectrum: amplitudes are eliminated (variable projection), parameters found by damped Gauss-Newton steps with the
 * analytic Jacobian, within their bounds; by least squares, or for counts by Poisson maximum likelihood (Fisher scoring). A fit to counts of a
 * few per channel by least squares with the variances of the data comes out low by about one count per channel; the likelihood does not.
 *
 * @param fit - from `createPeakFit`; overwritten.
 * @param values - [n] finite where used.
 * @param options - see {@link FitPeaksOptions}.
 * @returns `fit`; look at `converged`, `atBound` and `undetermined` before believing it.
 * @throws RangeError 'LengthMismatch', 'NonFiniteInput', or 'Underdetermined' for fewer channels than parameters.
 * @see Kaufman, BIT 15 (1975) 49; Golub & Pereyra, SIAM J. Numer. Anal. 10 (1973) 413; Cash, Astrophys. J. 228 (1979) 939.
 */
export function fitPeaks(fit: PeakFit, values: Float64Array, options: FitPeaksOptions): PeakFitResult {
  const { variances, axisShift = 0, warm = false, tolerance = 1e-6, iterations = 60 } = options;
  takeChannels(fit, values, options);
  const { columns, parameters, amplitudes, trial, normal } = fit;
  const { model, free } = columns;
  const K = amplitudes.length;
  const misfitOf = variances === null ? deviance : chiSquare;
  if (!warm) for (let j = 0; j < parameters.length; j++) parameters[j] = model.parameters[j]!.start;
  if (variances === null) evaluateFirst(fit, values, axisShift, warm);
  else evaluate(fit, values, fit, axisShift);
  fit.misfit = misfitOf(fit, values);
  fit.converged = false;
  let damping = 1e-3;
  let fall = Infinity;
  let isBetter = true;
  for (fit.iterations = 1; fit.iterations <= iterations; fit.iterations++) {
    if (isBetter) {
      if (variances === null) weighByModel(fit);
      fillGradient(fit, values, amplitudes);
      // After a small step the normal matrix is still what it was.
      if (!(fall < SMALL_FALL)) fillNormal(fit);
      findFree(fit);
      fit.converged = findStep(fit, 0) < tolerance;
      if (fit.converged) break;
      if (fall < SMALL_FALL) fillNormal(fit);
    }
    fall = findStep(fit, damping);
    if (!(fall >= 0) || damping > MOST_DAMPING) break;
    trial.parameters.set(parameters);
    for (let f = 0; f < free.length; f++) {
      const { low, high } = model.parameters[free[f]!]!;
      trial.parameters[free[f]!] = Math.min(Math.max(parameters[free[f]!]! + normal.step[K + f]!, low), high);
    }
    evaluate(fit, values, trial, axisShift);
    const misfit = misfitOf(fit, values);
    isBetter = misfit <= fit.misfit * (1 + ROUNDING);
    if (isBetter) {
      parameters.set(trial.parameters);
      amplitudes.set(trial.amplitudes);
      fit.misfit = misfit;
      damping *= 0.1;
    } else damping *= 10;
  }
  if (!fit.converged) {
    evaluate(fit, values, fit, axisShift);
    fillGradient(fit, values, amplitudes);
    fillNormal(fit);
    findFree(fit);
    findStep(fit, 0);
  }
  finishFit(fit);
  return fit;
}

/** Which channels count, and with what weight. */
function takeChannels(fit: PeakFit, values: Float64Array, { variances, mask }: FitPeaksOptions): void {
  const { used, weights, columns, normal } = fit;
  const n = columns.x.length;
  for (const [name, list] of [
    ['values', values],
    ['variances', variances],
    ['mask', mask],
  ] as const)
    if (list !== null && list !== undefined && list.length !== n)
      throw refusal('LengthMismatch', `${name} have ${list.length} elements, expected ${n}`);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const isUsed = mask === undefined || mask[i] === 0;
    used[i] = isUsed ? 1 : 0;
    weights[i] = 0;
    if (!isUsed) continue;
    count++;
    if (values[i]! - values[i]! !== 0)
      throw refusal('NonFiniteInput', `values[${i}] is ${values[i]}, expected a finite number`);
    if (variances === null) continue;
    weights[i] = 1 / variances[i]!;
    if (!(weights[i]! > 0 && weights[i]! < Infinity))
      throw refusal('NonFiniteInput', `variances[${i}] is ${variances[i]}, expected a positive number`);
  }
  const fitted = normal.use.length;
  if (count < fitted) throw refusal('Underdetermined', `${count} usable channels for ${fitted} parameters`);
  fit.degreesOfFreedom = count - fitted;
}
