import { amplitudeLimit } from '../../kernel/peaks/amplitudeLimit.ts';
import type { PeakFit } from '../../kernel/peaks/peakFit.ts';
import { fittedAmplitude, fittedPosition, fittedWidth, type FittedValue } from '../../kernel/peaks/peakReport.ts';
import { FrameFlag, type Frame } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';
import type { Emit } from '../../model/signal.ts';

/** What the readings of a fit are made from. */
export interface FitPlace {
  readonly id: string;
  readonly fit: PeakFit;
  readonly names: readonly string[];
  readonly unit: string;
  readonly axisUnit: string;
  readonly isCounts: boolean;
  /** The size of the noise comes from the residuals. */
  readonly isScaled: boolean;
  readonly values: Float64Array;
}

/**
 * Readings of a fit: position, area (height of a step) and width of each peak, and of the whole how well it went.
 *
 * @param isFitted - it converged.
 * @param isTried - there were enough channels to try.
 */
export function report(
  frame: Frame,
  place: FitPlace,
  isFitted: boolean,
  isTried: boolean,
  emit: Emit<'reading'>,
): void {
  const { id, fit, names, unit, axisUnit, isCounts, isScaled, values } = place;
  const { misfit, degreesOfFreedom, columns, atBound, undetermined } = fit;
  const isCorrelated = (frame.flags & FrameFlag.correlated) !== 0;
  const reduced = misfit / Math.max(degreesOfFreedom, 1);
  const say = (name: string, { value, standardError, isFree }: FittedValue, per: number, of: string): void => {
    const error = standardError / per;
    emit(
      makeReading(frame, id, {
        name,
        value: Number.isFinite(value / per) ? value / per : 0,
        standardError: isFitted && !isCorrelated && Number.isFinite(error) ? error : undefined,
        unit: of,
        quality: isFitted && isFree && Number.isFinite(value / per) ? 'valid' : 'invalid',
      }),
    );
  };
  for (let k = 0; k < names.length; k++) {
    const name = names[k]!;
    const fittedArea = fittedAmplitude(fit, k);
    const ofScale = frame.scaleError * fittedArea.value;
    const area = { ...fittedArea, standardError: Math.hypot(fittedArea.standardError, ofScale) };
    const isStep = columns.model.components[k]!.lines[0]!.shape === 'step';
    const position = fittedPosition(fit, k);
    const step = isStep ? 1 : channelWidth(columns.x, position.value - frame.axisShift);
    // An area held at 0 is an answer, where everything else of the peak has none.
    const isNothing = atBound[k] === 1 && undetermined[k] === 0;
    say(`${name}.position`, position, 1, axisUnit);
    say(`${name}.${isStep ? 'height' : 'area'}`, { ...area, isFree: area.isFree || isNothing }, step, unit);
    say(`${name}.width`, fittedWidth(fit, k), 1, axisUnit);
    // Where the noise is unknown, nothing limits what may hide in it.
    if (!isFitted || !isNothing || isScaled) continue;
    const limit = amplitudeLimit(fit, values, k, isCounts);
    say(`${name}.areaLimit`, { value: limit, standardError: NaN, isFree: true }, step, unit);
  }
  const count = (flags: Uint8Array): number => (isTried ? flags.reduce((sum, flag) => sum + flag, 0) : 0);
  const about = (name: string, value: number, quality: 'valid' | 'invalid'): void =>
    emit(makeReading(frame, id, { name, value, standardError: undefined, unit: '1', quality }));
  about('converged', isFitted ? 1 : 0, isTried ? 'valid' : 'invalid');
  about('misfit', Number.isFinite(reduced) ? reduced : 0, isFitted ? 'valid' : 'invalid');
  about('atBound', count(atBound), isTried ? 'valid' : 'invalid');
  about('undetermined', count(undetermined), isTried ? 'valid' : 'invalid');
}

/** Width of the channel nearest to a place. */
function channelWidth(x: Float64Array, place: number): number {
  const last = x.length - 1;
  let i = 1;
  while (i < last - 1 && x[i]! < place) i++;
  return (x[Math.min(i + 1, last)]! - x[i - 1]!) / (Math.min(i + 1, last) - i + 1);
}
