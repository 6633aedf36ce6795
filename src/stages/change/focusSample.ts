import { countRegion } from '../../kernel/array/countRegion.ts';
import { addChannelRates, createChannelRates, regionRate } from '../../kernel/change/channelRates.ts';
import type { Frame } from '../../model/frame.ts';
import type { Reading } from '../../model/signal.ts';
import type { FocusConfig } from './focusSettings.ts';
import type { FocusState, FocusWork } from './focusWork.ts';

/** Frames after which a channel's old share is mostly forgotten while learning. */
const MEMORY = 50;

/**
 * The value of a signal, its exposure relative to the reference and its variance, into `work.sample`.
 *
 * @param state - takes exposure and monitor of the first frame for its reference.
 * @returns whether there is one: a frame fully masked, without exposure or without its monitor has none.
 */
export function takeSample(state: FocusState, signal: Frame | Reading, work: FocusWork): boolean {
  return signal.type === 'frame' ? fromFrame(state, signal, work) : fromReading(state, signal, work);
}

function fromFrame(
  state: FocusState,
  frame: Frame,
  { config, ofFrames, noise, sample, given, size }: FocusWork,
): boolean {
  if (ofFrames === null || !(frame.exposureUs > 0)) return false;
  const part = { ...ofFrames, mask: frame.mask };
  const { counts, share } = countRegion(frame.values, part);
  const monitor = monitorOf(state, frame, config);
  if (!(share > 0 && monitor > 0 && Number.isFinite(monitor * counts))) return false;
  if (state.exposureUs === 0) {
    const ofGiven = given === null || state.anew ? undefined : given.exposureUs / given.frames;
    state.exposureUs = ofGiven ?? config.exposureUs ?? frame.exposureUs;
    state.monitor = monitor;
  }
  state.noise = noise;
  sample.value = counts;
  // A reading that came before the first frame did not know its channels.
  if (state.rates.counts.length !== size) state.rates = createChannelRates(size);
  const { rates } = state;
  const whole = (frame.exposureUs / state.exposureUs) * (monitor / state.monitor);
  // Masked channels are taken to have held what they held while learning, else as much as the others.
  const known = frame.mask === undefined ? 0 : regionRate(rates, ofFrames);
  sample.exposure = whole * (known > 0 ? regionRate(rates, ofFrames, frame.mask) / known : share);
  const isLearned = state.anew || (config.expected === undefined && given === null);
  if (isLearned && state.threshold === 0) addChannelRates(rates, frame.values, whole, frame.mask, MEMORY);
  if (!(sample.exposure > 0)) return false;
  sample.variance = 1;
  if (noise !== 'given') return true;
  if (frame.variances === undefined) throw new RangeError('noise is given, but the frames have no variances');
  sample.variance = countRegion(frame.variances, part).counts;
  return sample.variance > 0 && sample.variance < Infinity;
}

/** What the expected value is proportional to; 0 when the frame came without. */
function monitorOf({ scale }: FocusState, { context, seq }: Frame, { monitor, monitorReading }: FocusConfig): number {
  const signal = monitor === undefined ? 1 : (context[monitor] ?? 0);
  // Who gives readings of a frame comes before in the pipeline, and so do they.
  return monitorReading === undefined ? signal : scale.seq === seq ? signal * scale.value : 0;
}

function fromReading(state: FocusState, reading: Reading, { config, noise, sample }: FocusWork): boolean {
  if (reading.name === config.monitorReading && (config.stage === undefined || reading.stage === config.stage)) {
    state.scale.seq = reading.quality === 'invalid' ? -1 : reading.seq;
    state.scale.value = reading.value;
    return false;
  }
  if (reading.name !== config.reading || (config.stage !== undefined && reading.stage !== config.stage)) return false;
  if (reading.quality === 'invalid' || !Number.isFinite(reading.value)) return false;
  const { value, standardError = 0 } = reading;
  if (state.noise === '') state.noise = noise !== '' ? noise : standardError > 0 ? 'given' : 'learned';
  sample.value = value;
  sample.exposure = 1;
  sample.variance = state.noise === 'given' ? standardError * standardError : 1;
  return sample.variance > 0 && sample.variance < Infinity;
}
