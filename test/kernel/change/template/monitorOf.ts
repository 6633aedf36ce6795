import {
  createTemplateState,
  createTemplateWork,
  type TemplateMonitorOptions,
  type TemplateState,
  type TemplateWork,
} from '../../../../src/kernel/change/templateMonitor.ts';
import { giveTemplateReference } from '../../../../src/kernel/change/templateStart.ts';
import { SIGMA, SIZE, usualMeans } from '../../../support/templateSpectra.ts';

/** A monitor whose reference is known exactly, of the usual test spectrum. */
export function monitorOf(options: Partial<TemplateMonitorOptions> = {}, frames = 1000) {
  const work: TemplateWork = createTemplateWork({
    x: Float64Array.from({ length: SIZE }, (_, i) => i),
    fwhm: [2.355 * SIGMA, 8],
    sets: [{ name: 'rutile', positions: [30, 80, 110], intensities: [1, 0.5, 0.3], fwhm: 5 }],
    contrast: true,
    noise: 'counts',
    drifts: ['shift', 'slope', 'broadening'],
    learn: 100,
    memory: 1000,
    up: true,
    down: true,
    tolerance: 0,
    fixedPattern: 0,
    certified: true,
    ...options,
  });
  const state: TemplateState = createTemplateState(work);
  const mean = usualMeans();
  giveTemplateReference(state, work, {
    frames,
    sum: mean.map((value) => value * frames),
    sumOfSquares: mean.map((value) => (value * value + value) * frames),
  });
  return { state, work };
}

/** [n] a direction, dense. */
export function directionOf({ bank, directions }: TemplateWork, j: number): Float64Array {
  const { local, mixture, weighted, nuisances: K } = directions;
  const { first, length, offsets } = bank;
  return Float64Array.from(weighted[0]!, (_, i) => {
    const inside = i >= first[j]! && i < first[j]! + length[j]!;
    let d = inside ? local[offsets[j]! + i - first[j]!]! : 0;
    for (let k = 0; k < K; k++) d -= mixture[j * K + k]! * weighted[k]![i]!;
    return d;
  });
}

/** Drifts, from none to more than any experiment shows. */
export const DRIFTED = [
  { shift: 0, slope: 0, broadening: 0, offset: 0 },
  { shift: 0.63, slope: 0, broadening: 0, offset: 0 },
  { shift: -2.4, slope: 0.3, broadening: 0, offset: 0 },
  { shift: 1.1, slope: -0.4, broadening: 0.6, offset: 0 },
] as const;
