import type { PeakFit } from './peakFit.ts';
import type { Affine, ModelLine } from './peakModel.ts';

/** Standard deviations above the fit, summed over a width, that are no noise. */
const SEEN = 5;

/**
 * Moves one peak that a fit found nothing of, the one most missed, to where, within the bounds of its position, the data stand highest above
 * that fit: a start that lies some widths off sees no slope that leads to its peak.
 *
 * @param fit - finished; the parameters of that peak are overwritten, for another fit to begin there.
 * @param values - [n] that were fitted.
 * @param axisShift - as it was fitted with.
 * @param isScaled - the weights are of any size; the noise is as large as the misfit says.
 * @returns whether any was moved.
 */
export function seekPeaks(fit: PeakFit, values: Float64Array, axisShift: number, isScaled: boolean): boolean {
  const { columns, parameters, amplitudes, atBound, misfit, degreesOfFreedom } = fit;
  const { model } = columns;
  const noise = isScaled ? Math.sqrt(misfit / Math.max(degreesOfFreedom, 1)) : 1;
  let missed: { readonly line: ModelLine; readonly index: number; readonly position: number } | null = null;
  let most = SEEN * noise;
  for (let k = 0; k < model.components.length; k++) {
    const line = model.components[k]!.lines[0];
    if (line === undefined || line.shape === 'step' || atBound[k] === 0 || amplitudes[k] !== 0) continue;
    const [centre, width] = line.parameters;
    const [term] = centre!.terms;
    if (term === undefined || centre!.terms.length > 1) continue;
    const { low, high } = model.parameters[term.parameter]!;
    const place = highest(fit, values, [low - axisShift, high - axisShift], startOf(fit, width!));
    if (place === null || !(place.excess > most)) continue;
    most = place.excess;
    missed = { line, index: term.parameter, position: place.position + axisShift };
  }
  if (missed === null) return false;
  for (const each of missed.line.parameters)
    for (const { parameter } of each.terms) parameters[parameter] = model.parameters[parameter]!.start;
  parameters[missed.index] = missed.position;
  return true;
}

/** The value of an affine expression where a cold fit begins. */
const startOf = ({ columns: { model } }: PeakFit, { constant, terms }: Affine): number =>
  terms.reduce((sum, { parameter, factor }) => sum + factor * model.parameters[parameter]!.start, constant);

/** Where the sum over a width stands highest above the fit, in standard deviations. */
function highest(
  { columns, expected, weights, used }: PeakFit,
  values: Float64Array,
  [low, high]: readonly [number, number],
  width: number,
): { readonly position: number; readonly excess: number } | null {
  const { x } = columns;
  let best: { readonly position: number; readonly excess: number } | null = null;
  let first = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i]! < low || x[i]! > high) continue;
    while (x[i]! - x[first]! > 0.5 * width) first++;
    let [sum, variance] = [0, 0];
    for (let k = first; k < x.length && x[k]! - x[i]! <= 0.5 * width; k++) {
      if (used[k] === 0 || !(weights[k]! > 0)) continue;
      sum += values[k]! - expected[k]!;
      variance += 1 / weights[k]!;
    }
    const excess = variance > 0 ? sum / Math.sqrt(variance) : 0;
    if (excess > (best?.excess ?? 0)) best = { position: x[i]!, excess };
  }
  return best;
}
