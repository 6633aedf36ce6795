import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { createNoiseWorkspace, noiseEstimate, type NoiseWorkspace } from '../../kernel/change/noiseEstimate.ts';
import { channelRange } from '../../model/channelRange.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader, hasUsableChannel, type Frame, type MutableFrame } from '../../model/frame.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';
import { makeReading, type ReadingParts } from '../../model/makeReading.ts';
import type { BackgroundEmit, BackgroundMethod, Channels, Spectrum } from './method.ts';
import type { BackgroundSettings } from './settings.ts';

/** Channels over which the noise of data without variances is taken to be the same. */
const NOISE_BLOCK = 64;

/** What a background stage derives from its settings. */
export interface BackgroundWork {
  readonly id: string;
  readonly method: BackgroundMethod;
  readonly settings: BackgroundSettings;
  readonly region: Channels;
  readonly spectrum: Spectrum;
  readonly background: Float64Array;
  readonly lower: Float64Array;
  readonly higher: Float64Array;
  readonly roughness: NoiseWorkspace;
  readonly output: MutableFrame;
  readonly outVariances: Float64Array;
  /** [n] what may not be used of this frame, if the method leaves channels out. */
  readonly mask: Uint8Array;
  readonly nothing: Uint8Array;
}

export type BackgroundState = {
  /** Frames since the systematic error was found. */
  age: number;
  /** [n] systematic error of the background. */
  systematic: Float64Array;
  netSystematic: number;
};

/** @throws MonitorError when a frame is more than one spectrum. */
export function prepareBackground(
  { id, config, layout }: { readonly id: string; readonly config: BackgroundSettings; readonly layout: Layout },
  method: BackgroundMethod,
): BackgroundWork {
  const n = axisLength(fastAxis(layout));
  if (n !== layout.size)
    throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
  const whole = method.defaultRegion ?? { first: 0, end: n };
  const [first, end] =
    config.region === undefined ? [whole.first, whole.end] : channelRange(fastAxis(layout), config.region);
  const output = blankFrame({ ...layout, noise: 'gaussian' }, true);
  const room = (): Float64Array => new Float64Array(n);
  return {
    id,
    method,
    settings: config,
    region: { first, end },
    spectrum: { values: room(), variances: room() },
    background: room(),
    lower: room(),
    higher: room(),
    roughness: createNoiseWorkspace(n, NOISE_BLOCK),
    output,
    outVariances: output.variances!,
    mask: new Uint8Array(n),
    nothing: new Uint8Array(n).fill(1),
  };
}

export const initBackground = ({ background, settings }: BackgroundWork): BackgroundState => ({
  age: settings.varyEvery,
  systematic: new Float64Array(background.length),
  netSystematic: 0,
});

/** One frame: its background, what both kinds of errors make of it, and what lies above. */
export function stepBackground(state: BackgroundState, frame: Frame, emit: BackgroundEmit, work: BackgroundWork): void {
  const { id, method, settings, region, spectrum, background, output, outVariances } = work;
  const tell = (parts: ReadingParts, systematicError?: number): void =>
    emit(Object.assign(makeReading(frame, id, parts), { systematicError }));
  copyHeader(output, frame);
  const mask = maskOf(frame, work);
  output.mask = mask;
  const unit = frame.layout.unit;
  fillSpectrum(frame, work);
  if (!hasUsableChannel(frame) || !fitAll(state, work)) {
    // No background was found: no channel of this frame may be used.
    output.values.fill(0);
    outVariances.fill(0);
    output.mask = work.nothing;
    emit(output);
    tell({ name: 'net', value: 0, standardError: undefined, unit, quality: 'invalid' });
    return;
  }
  const { values, variances } = spectrum;
  method.variances(spectrum, background, outVariances);
  const netVariance = method.netVariance(spectrum, background, outVariances, region);
  let net = 0;
  for (let i = region.first; i < region.end; i++) net += values[i]! - background[i]!;
  const subtracts = settings.output === 'subtracted';
  const both = settings.band === 'both';
  for (let i = 0; i < values.length; i++) {
    const isMasked = mask !== undefined && mask[i] === 1;
    output.values[i] = isMasked ? 0 : subtracts ? values[i]! - background[i]! : background[i]!;
    if (subtracts) outVariances[i] = outVariances[i]! + variances[i]!;
    if (both) outVariances[i] = outVariances[i]! + state.systematic[i]! ** 2;
  }
  emit(output);
  tell(
    { name: 'net', value: net, standardError: Math.sqrt(netVariance), unit, quality: 'valid' },
    systematicOf(state, settings),
  );
  method.report?.(tell);
}

/** The frame's mask and the channels the method leaves out. */
function maskOf(frame: Frame, { method, mask }: BackgroundWork): Uint8Array | undefined {
  const { undefinedAt } = method;
  if (undefinedAt === undefined) return frame.mask;
  mask.set(undefinedAt);
  if (frame.mask !== undefined) for (let i = 0; i < mask.length; i++) mask[i]! |= frame.mask[i]!;
  return mask;
}

const systematicOf = ({ netSystematic }: BackgroundState, { vary }: BackgroundSettings): number | undefined =>
  vary === 0 ? undefined : netSystematic;

/** The background, and now and then those of varied settings. */
function fitAll(state: BackgroundState, work: BackgroundWork): boolean {
  const { method, settings, region, spectrum, background, lower, higher } = work;
  const isDue = settings.vary > 0 && ++state.age >= settings.varyEvery;
  const hasLower = isDue && method.fit(spectrum, -1, lower);
  const hasHigher = isDue && method.fit(spectrum, 1, higher);
  if (!method.fit(spectrum, 0, background)) return false;
  if (!hasLower && !hasHigher) return true;
  state.age = 0;
  let [netLower, netHigher] = [0, 0];
  for (let i = 0; i < background.length; i++) {
    const down = hasLower ? lower[i]! - background[i]! : 0;
    const up = hasHigher ? higher[i]! - background[i]! : 0;
    state.systematic[i] = Math.max(Math.abs(down), Math.abs(up));
    if (i < region.first || i >= region.end) continue;
    netLower += down;
    netHigher += up;
  }
  state.netSystematic = Math.max(Math.abs(netLower), Math.abs(netHigher));
  return true;
}

function fillSpectrum(frame: Frame, { spectrum, roughness }: BackgroundWork): void {
  const { values, variances } = spectrum;
  bridgeMasked(frame.values, frame.mask, values);
  if (frame.layout.noise === 'poisson') {
    // max(y, 1) without a branch: of a count of zero the mean is taken to be one.
    for (let i = 0; i < values.length; i++) variances[i] = 0.5 * (values[i]! + 1 + Math.abs(values[i]! - 1));
  } else if (frame.variances !== undefined) bridgeMasked(frame.variances, frame.mask, variances);
  else {
    noiseEstimate(values, roughness, variances);
    for (let i = 0; i < values.length; i++) variances[i] = variances[i]! ** 2;
  }
}
