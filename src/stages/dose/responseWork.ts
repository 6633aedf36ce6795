import type { Estimate } from '../../kernel/dose/damage/damageDistribution.ts';
import { createDamageWork } from '../../kernel/dose/damage/damageWork.ts';
import { createSpectralWork, type SpectralWork } from '../../kernel/dose/damage/spectralReduction.ts';
import type { Reduction } from '../../kernel/dose/damage/windowReduction.ts';
import { channelRange } from '../../model/channelRange.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';
import { parseReferenceSpectrum, type ReferenceSpectrum } from '../../model/referenceSpectrum.ts';
import type { Setting } from '../../model/stage.ts';
import { priorDose, type ResponseSettings } from './responseSettings.ts';

export type ResponseWork = ReturnType<typeof prepareResponse>;

/** Two windows as channels: [first, end) of A, then of B. */
type Windows = readonly [a: readonly [number, number], b: readonly [number, number]];

/** Derives what can be derived again; without a layout, all that does not need one. */
export function prepareResponse({ id, config, layout, assets }: Setting<ResponseSettings, 'frame'>) {
  const { tolerance, prior, kinetics, lowestDose, windows } = config;
  const median = priorDose(config);
  const damage = createDamageWork({
    tolerance,
    spread: prior.spread,
    isExponential: kinetics === 'exponential',
    lowest: config.rule === 'guaranteed' ? lowestDose! / median : 0,
    isGuaranteed: config.rule === 'guaranteed',
    isReferenceExact: windows?.intactShare !== undefined && config.referenceError === 0,
  });
  const known = layout as Layout | undefined;
  const size = known === undefined ? 0 : sizeOf(known);
  const file = (name: 'intact' | 'damaged'): ReferenceSpectrum | null =>
    known === undefined || assets[name] === undefined ? null : parseReferenceSpectrum(assets[name], known, name);
  const channels = known === undefined || windows === undefined ? null : windowChannels(known, windows);
  return {
    id,
    config,
    damage,
    /** Of one unit of the kernel's dose. */
    median,
    size,
    isCounts: known?.noise === 'poisson',
    isScaled: known?.noise === 'scaledPoisson',
    windows: channels,
    intact: file('intact'),
    damaged: file('damaged'),
    /** Made when the intact spectrum is known: it is derived from the files, or from the state. */
    spectral: null as SpectralWork | null,
    scratch: new Float64Array(size),
    reduction: { fraction: 0, variance: Infinity, shift: 0 } satisfies Reduction as Reduction,
    estimate: { value: 0, low: 0, high: 0 } satisfies Estimate as Estimate,
  };
}

/** Makes the mixture of references, in place of an older one. */
export function layReferences(work: ResponseWork, intact: Float64Array, damaged: Float64Array): SpectralWork {
  work.spectral = createSpectralWork(intact, damaged, work.config.shift === 'free');
  return work.spectral;
}

function sizeOf(layout: Layout): number {
  const n = axisLength(fastAxis(layout));
  if (n !== layout.size) throw new RangeError(`takes one spectrum per frame, got ${layout.axes.length} axes`);
  return n;
}

function windowChannels(layout: Layout, { a, b }: NonNullable<ResponseSettings['windows']>): Windows {
  const axis = fastAxis(layout);
  const pair = [channelRange(axis, [a.from, a.to]), channelRange(axis, [b.from, b.to])] as const;
  const [first, second] = pair;
  if (first[0] < second[1] && second[0] < first[1])
    throw new RangeError('the windows share a channel, expected two apart');
  return pair;
}
