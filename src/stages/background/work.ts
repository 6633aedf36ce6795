import { createNoiseWorkspace, type NoiseWorkspace } from '../../kernel/change/noiseEstimate.ts';
import { channelRange } from '../../model/channelRange.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, type MutableFrame } from '../../model/frame.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';
import type { BackgroundMethod, Channels, Spectrum } from './method.ts';
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
