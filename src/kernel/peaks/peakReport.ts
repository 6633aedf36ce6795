import { affineValue, type Affine } from './peakModel.ts';
import type { PeakFit } from './peakFit.ts';
import { voigtWidth } from './voigt.ts';

/** A number read off a fit. */
export interface FittedValue {
  readonly value: number;
  /** One standard deviation; NaN when a bound or the data leave it without meaning. */
  readonly standardError: number;
  /** Nothing of it was stopped by a bound or left open by the data. */
  readonly isFree: boolean;
}

/** Amplitude of a component: the area of its first line over the weight of that line. */
export function fittedAmplitude(fit: PeakFit, component: number): FittedValue {
  const { amplitudes, covariance, atBound, undetermined } = fit;
  const isFree = atBound[component] === 0 && undetermined[component] === 0;
  const variance = covariance[component * atBound.length + component]!;
  return { value: amplitudes[component]!, standardError: isFree ? Math.sqrt(variance) : NaN, isFree };
}

/** Centre of the first line of a component, axis units. */
export function fittedPosition(fit: PeakFit, component: number): FittedValue {
  const centre = fit.columns.model.components[component]!.lines[0]!.parameters[0]!;
  return combined(fit, affineValue(centre, fit.parameters), centre, 1, null, 0);
}

/** Full width at half maximum of the first line of a component, axis units; of a Voigt, of its two parts together. */
export function fittedWidth(fit: PeakFit, component: number): FittedValue {
  const { shape, parameters } = fit.columns.model.components[component]!.lines[0]!;
  const first = parameters[1]!;
  const width = affineValue(first, fit.parameters);
  if (shape !== 'voigt') return combined(fit, width, first, 1, null, 0);
  const second = parameters[2]!;
  const lorentzian = affineValue(second, fit.parameters);
  const root = Math.sqrt(0.2166 * lorentzian * lorentzian + width * width);
  const bySecond = 0.5346 + (0.2166 * lorentzian) / root;
  return combined(fit, voigtWidth(width, lorentzian), first, width / root, second, bySecond);
}

/** Error of a value that changes by `a` and `b` with two affine expressions. */
function combined(
  fit: PeakFit,
  value: number,
  first: Affine,
  a: number,
  second: Affine | null,
  b: number,
): FittedValue {
  const { covariance, atBound, undetermined, amplitudes } = fit;
  const all = atBound.length;
  const K = amplitudes.length;
  let variance = 0;
  let isFree = true;
  const slopeOf = (index: number): number =>
    a * factorOf(first, index) + (second === null ? 0 : b * factorOf(second, index));
  for (let i = K; i < all; i++) {
    const slope = slopeOf(i - K);
    if (slope === 0) continue;
    if (atBound[i] === 1 || undetermined[i] === 1) isFree = false;
    for (let j = K; j < all; j++) variance += slope * covariance[i * all + j]! * slopeOf(j - K);
  }
  return { value, standardError: isFree ? Math.sqrt(Math.max(variance, 0)) : NaN, isFree };
}

function factorOf({ terms }: Affine, index: number): number {
  let sum = 0;
  for (const { parameter, factor } of terms) if (parameter === index) sum += factor;
  return sum;
}
