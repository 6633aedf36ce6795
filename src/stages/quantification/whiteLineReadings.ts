import type { PeakFit } from '../../kernel/peaks/peakFit.ts';
import { FrameFlag, type Frame } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';
import type { Emit } from '../../model/signal.ts';
import { AMPLITUDE, PARAMETER } from './whiteLineModel.ts';

/** What the readings are made from. */
export interface WhiteLinePlace {
  readonly id: string;
  readonly fit: PeakFit;
  readonly unit: string;
  readonly axisUnit: string;
  /** Channel width, in the unit of the axis: areas are sums over channels. */
  readonly step: number;
}

/** Places and areas of both lines and their ratio, each with its error; what a bound or the data left open is invalid. */
export function reportWhiteLines(
  frame: Frame,
  { id, fit, unit, axisUnit, step }: WhiteLinePlace,
  isFitted: boolean,
  emit: Emit<'reading'>,
): void {
  const { amplitudes, parameters, covariance, atBound, undetermined } = fit;
  const all = atBound.length;
  const isFree = (k: number): boolean => atBound[k] === 0 && undetermined[k] === 0;
  const of = (k: number, l = k): number => covariance[k * all + l]!;
  const isCorrelated = (frame.flags & FrameFlag.correlated) !== 0;
  const say = (name: string, value: number, variance: number, per: string, isValid: boolean): void => {
    const isSound = isFitted && isValid && Number.isFinite(value);
    const standardError = isSound && !isCorrelated && variance > 0 ? Math.sqrt(variance) : undefined;
    const quality = isSound ? 'valid' : 'invalid';
    emit(makeReading(frame, id, { name, value: isSound ? value : 0, standardError, unit: per, quality }));
  };
  const l3 = amplitudes.length + PARAMETER.l3;
  const splitting = amplitudes.length + PARAMETER.splitting;
  const [at, distance] = [parameters[PARAMETER.l3]!, parameters[PARAMETER.splitting]!];
  // A place that may be anywhere within its bounds is none.
  const isPlaced = (index: number, k: number): boolean => {
    const { low, high } = fit.columns.model.parameters[index]!;
    return low === high || (isFree(k) && Math.sqrt(of(k)) < high - low);
  };
  const isL3 = isPlaced(PARAMETER.l3, l3);
  say('L3', at, of(l3), axisUnit, isL3);
  const ofL2 = of(l3) + 2 * of(l3, splitting) + of(splitting);
  say('L2', at + distance, ofL2, axisUnit, isL3 && isPlaced(PARAMETER.splitting, splitting));
  const [area3, area2] = [amplitudes[AMPLITUDE.l3]!, amplitudes[AMPLITUDE.l2]!];
  for (const [name, k] of [
    ['areaL3', AMPLITUDE.l3],
    ['areaL2', AMPLITUDE.l2],
  ] as const) {
    const area = amplitudes[k]! / step;
    say(name, area, of(k) / (step * step) + (frame.scaleError * area) ** 2, unit, isFree(k));
  }
  const ratio = area3 / area2;
  const relative =
    of(AMPLITUDE.l3) / area3 ** 2 -
    (2 * of(AMPLITUDE.l3, AMPLITUDE.l2)) / (area3 * area2) +
    of(AMPLITUDE.l2) / area2 ** 2;
  // Of lines that noise could make, a ratio says nothing.
  const isSeen = (k: number): boolean => isFree(k) && amplitudes[k]! > Math.sqrt(of(k));
  say('ratio', ratio, ratio * ratio * relative, '1', isSeen(AMPLITUDE.l3) && isSeen(AMPLITUDE.l2));
  say('misfit', fit.misfit / Math.max(fit.degreesOfFreedom, 1), 0, '1', true);
}
