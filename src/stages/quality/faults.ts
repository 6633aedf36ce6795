import { normalQuantile } from '../../kernel/change/normalTail.ts';
import { createDarkState, judgeDark } from '../../kernel/quality/darkFrames.ts';
import { markSaturated } from '../../kernel/quality/saturation.ts';
import { signalTotal, type SignalTotal } from '../../kernel/quality/signalTotal.ts';
import { findSpikes } from '../../kernel/quality/spikes.ts';
import { createSpikeState, createSpikeWork } from '../../kernel/quality/spikeState.ts';
import { createUsualWork } from '../../kernel/quality/usualTotal.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { copyHeader, FrameFlag, makeFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';
import { faultDetection } from './faultDetection.ts';
import { faultSettings, noiseOf, spikeThreshold } from './faultSettings.ts';

export default defineStage({
  kind: 'quality.faults',
  version: 1,
  summary:
    'Names what is a fault of the instrument and no change of the sample, frame by frame, and masks it: cosmic rays, no signal, saturated channels, beam trips.',
  input: 'frame',
  outputs: ['frame', 'reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: faultSettings,
  example: {},
  prepare({ id, config, layout, framePeriodUs }) {
    const axis = fastAxis(layout);
    const runLength = runLengthOf(config.falseAlarms, framePeriodUs);
    const chance = 1 / Math.max(runLength, 2);
    const signal: SignalTotal = { total: 0, counts: null, share: 0, usable: 0, isConstant: false };
    return {
      config,
      id,
      axis: { x: channelCentres(axis), unit: axis.unit },
      isCounts: layout.noise === 'poisson' || layout.noise === 'scaledPoisson',
      runLength,
      dark: { ...config, chance, sigma: normalQuantile(chance) },
      spikes: createSpikeWork(layout.size),
      usual: createUsualWork(),
      signal,
      bad: new Uint8Array(layout.size),
      output: makeFrame({ stream: '', seq: 0, timeUs: 0, exposureUs: 0, layout, values: new Float64Array(0) }),
    };
  },
  init: ({ bad }) => ({
    spikes: createSpikeState(bad.length),
    dark: createDarkState(),
    held: new Uint8Array(bad.length),
    exposureUs: 0,
    verdict: 'signal',
    sinceUs: 0,
  }),
  step(state, frame, emit, { config, id, axis, isCounts, runLength, dark, spikes, usual, signal, bad, output }) {
    const { values, mask, timeUs, exposureUs, flags } = frame;
    const noise = noiseOf(frame);
    const variances = noise === 'counts' || noise === 'estimated' ? null : frame.variances!;
    if (mask === undefined) bad.fill(0);
    else bad.set(mask);
    const isSummed = (flags & FrameFlag.summed) !== 0;
    if (!isSummed) state.exposureUs = exposureUs;
    signalTotal({ values, variances, bad }, state.spikes.reference, isCounts, signal);
    const verdict = judgeDark(state.dark, signal, { ...dark, exposure: exposureUs }, usual);
    if (verdict !== state.verdict) state.sinceUs = timeUs;
    state.verdict = verdict;

    const exposures = isSummed && state.exposureUs > 0 ? exposureUs / state.exposureUs : 1;
    const unknown = (flags & FrameFlag.saturated) !== 0 ? null : Infinity;
    const ceiling = config.ceiling === undefined ? unknown : config.ceiling * exposures;
    const full =
      verdict === 'signal' ? markSaturated(values, ceiling, state.held, bad) : { count: 0, first: -1, last: -1 };
    const threshold = spikeThreshold(runLength, values.length, noise);
    const isSearched = verdict === 'signal' && config.width > 0;
    if (isSearched) findSpikes(state.spikes, { values, variances, bad }, spikes, { ...config, noise, threshold });
    const hits = isSearched ? spikes.count : 0;
    if (hits > 0) for (let i = 0; i < bad.length; i++) bad[i]! |= spikes.spikes[i]!;
    if (verdict !== 'signal') bad.fill(1);

    copyHeader(output, frame);
    output.values = values;
    output.variances = frame.variances;
    output.mask = mask === undefined && verdict === 'signal' && full.count + hits === 0 ? undefined : bad;
    emit(output);
    const read = (name: string, value: number) =>
      emit(makeReading(frame, id, { name, value, unit: '1', quality: 'valid' }));
    read('cosmicRays', hits);
    read('noSignal', verdict === 'none' ? 1 : 0);
    read('saturated', full.count);
    read('beamTrip', verdict === 'low' ? 1 : 0);

    const onsetUs = state.sinceUs;
    const averageRunLength = runLength;
    if (verdict === 'none') emit(faultDetection(frame, id, 'no signal', { onsetUs, statistic: 1, threshold: 1 }, axis));
    if (verdict === 'low') {
      const lost = { statistic: state.dark.lost, threshold: 1 - config.tripBelow };
      emit(faultDetection(frame, id, 'beam trip', { onsetUs, ...lost, averageRunLength }, axis));
    }
    if (full.first >= 0) {
      const channels = [full.first, full.last] as const;
      emit(faultDetection(frame, id, 'saturated', { channels, statistic: full.count, threshold: 1 }, axis));
    }
    if (hits > 0) {
      const channels = [spikes.from, spikes.to] as const;
      const found = { channels, statistic: spikes.strongest, threshold, averageRunLength };
      emit(faultDetection(frame, id, 'cosmic ray', found, axis));
    }
  },
});
