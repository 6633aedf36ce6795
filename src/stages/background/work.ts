import { createNoiseWorkspace, type NoiseWorkspace } from '../../kernel/change/noiseEstimate.ts';
import { channelRange } from '../../model/channelRange.ts';
import { channelsMoved } from '../../model/channelsMoved.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, type MutableFrame } from '../../model/frame.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';
import type { BackgroundMethod, Channels, Spectrum } from './method.ts';
import type { BackgroundSettings } from './settings.ts';

/** Channels over which the noise of data without variances is taken to be the same. */
const NOISE_BLOCK = 64;

/** Where the windows lie in this frame: derived from its shift alone. */
export interface Place {
  axisShift: number;
  /** The axis covers the region and what the method needs. */
  isCovered: boolean;
  /** Channels of `net`. */
  region: Channels;
}

/** What a background stage derives from its settings. */
export interface BackgroundWork {
  readonly id: string;
  readonly layout: Layout;
  readonly method: BackgroundMethod;
  readonly settings: BackgroundSettings;
  readonly place: Place;
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
    layout,
    method,
    settings: config,
    place: { axisShift: 0, isCovered: true, region: { first, end } },
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

/** Moves the windows to where the drift of a frame has them; says whether the axis still covers them. */
export function followShift({ layout, place, method, settings }: BackgroundWork, axisShift: number): boolean {
  if (axisShift === place.axisShift) return place.isCovered;
  place.axisShift = axisShift;
  place.isCovered = method.follow?.(axisShift) ?? true;
  const n = layout.size;
  if (settings.region === undefined) place.region = method.defaultRegion ?? { first: 0, end: n };
  else {
    const axis = fastAxis(layout);
    const [first, end] = channelRange(axis, settings.region);
    const moved = channelsMoved(axis, first, axisShift);
    place.isCovered &&= first + moved >= 0 && end + moved <= n;
    if (place.isCovered) place.region = { first: first + moved, end: end + moved };
  }
  return place.isCovered;
}

export const initBackground = ({ background, settings }: BackgroundWork): BackgroundState => ({
  age: settings.varyEvery,
  systematic: new Float64Array(background.length),
  netSystematic: 0,
});
