import { baselineOn, parseBaseline } from '../../model/baseline.ts';
import { channelRange } from '../../model/channelRange.ts';
import { runLengthOf } from '../../model/duration.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';
import type { Setting } from '../../model/stage.ts';
import { createChannelRates } from '../../kernel/change/channelRates.ts';
import { createFocusLearning } from '../../kernel/change/focusLearning.ts';
import { createFocusOnset } from '../../kernel/change/focusOnset.ts';
import { createFocusSides } from '../../kernel/change/focusSides.ts';
import { LONGEST_FOCUS_RUN } from '../../kernel/change/focusThreshold.ts';
import type { FocusReference } from '../../kernel/change/focusSides.ts';
import { createFocusCertificate } from './focusCertificate.ts';
import { memoryRefusal, type FocusConfig } from './focusSettings.ts';

/** How a value scatters; '' until the first value shows it. */
export type FocusNoise = 'counts' | 'given' | 'learned' | '';

const NOISE = { poisson: 'counts', scaledPoisson: 'given', gaussian: 'given', unknown: 'learned' } as const;

/** A baseline file, summed over the region. */
export interface GivenLevel {
  readonly frames: number;
  readonly exposureUs: number;
  readonly sum: number;
  /** Variance of the sum of one frame. */
  readonly variance: number;
}

/** What change.focus derives from its settings and its layout. */
export function prepareFocus({ id, config, layout, assets, framePeriodUs }: Setting<FocusConfig, 'frame' | 'reading'>) {
  const { reading, region, learn, threshold, falseAlarms } = config;
  const ofFrames = reading === undefined && layout !== undefined ? regionOf(layout, region) : null;
  const automatic: FocusNoise = ofFrames === null ? '' : NOISE[layout!.noise];
  const noise: FocusNoise = config.noise === 'auto' ? automatic : config.noise;
  const file = assets['baseline'];
  const given = file === undefined || ofFrames === null ? null : levelOf(file, layout!, ofFrames);
  if (given !== null && config.memory !== undefined) {
    const reason = memoryRefusal(config.memory, given.frames);
    if (reason !== null) throw new RangeError(`memory: ${reason}`);
  }
  const runLength =
    threshold === undefined ? Math.min(LONGEST_FOCUS_RUN, runLengthOf(falseAlarms, framePeriodUs)) : null;
  return {
    id,
    config,
    ofFrames,
    place: ofFrames?.place ?? {},
    noise,
    given,
    size: ofFrames === null ? 0 : layout!.size,
    runLength,
    rates: new Float64Array(learn),
    scratch: new Float64Array(learn),
    sample: { value: 0, exposure: 1, variance: 1 },
  };
}
export type FocusWork = ReturnType<typeof prepareFocus>;

/** The state before the first signal. */
export const initialFocus = ({ config, size }: FocusWork) => ({
  accepted: -1,
  /** Whether the level must be learned although one was given: the operator has accepted another state. */
  anew: false,
  noise: '' as FocusNoise,
  exposureUs: 0,
  monitor: 0,
  /** The last reading of `monitorReading`. */
  scale: { seq: -1, value: 0 },
  learning: createFocusLearning(config.learn),
  /** What the channels held while learning; of a given level not known. */
  rates: createChannelRates(size),
  trend: 0,
  trendError: 0,
  reference: { kind: 'values', level: 0, learned: 0, dispersion: 1, degrees: Infinity } as {
    -readonly [key in keyof FocusReference]: FocusReference[key];
  },
  variance: 1,
  threshold: 0,
  memory: 1,
  averageRunLength: 0,
  certificate: createFocusCertificate(config),
  sides: createFocusSides(),
  onset: createFocusOnset(),
});
export type FocusState = ReturnType<typeof initialFocus>;

function regionOf(layout: Layout, region: FocusConfig['region']) {
  const axis = fastAxis(layout);
  const length = axisLength(axis);
  const [first, end] = region === undefined ? [0, length] : channelRange(axis, region);
  return { first, end, length, place: region === undefined ? {} : { region, regionUnit: axis.unit } };
}

function levelOf(file: Uint8Array, layout: Layout, { first, end }: { first: number; end: number }): GivenLevel {
  const { frames, exposureUs, sum, sumOfSquares } = baselineOn(parseBaseline(file), layout);
  let total = 0;
  let variance = 0;
  for (let i = first; i < end; i++) {
    total += sum[i]!;
    variance += (sumOfSquares[i]! - sum[i]! ** 2 / frames) / Math.max(1, frames - 1);
  }
  return { frames, exposureUs, sum: total, variance: Math.max(0, variance) };
}
