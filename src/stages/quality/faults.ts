import { judgeChannels } from '../../kernel/quality/brokenChannels.ts';
import { judgeDark } from '../../kernel/quality/darkFrames.ts';
import { markSaturated } from '../../kernel/quality/saturation.ts';
import { signalTotal } from '../../kernel/quality/signalTotal.ts';
import { findSpikes } from '../../kernel/quality/spikes.ts';
import { defineStage } from '../../model/defineStage.ts';
import type { Fault } from '../../model/fault.ts';
import { copyHeader, FrameFlag } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';
import { reportChannels } from './channelFaults.ts';
import { faultDetection, type FoundFault } from './faultDetection.ts';
import { faultSettings, noiseOf, spikeThreshold } from './faultSettings.ts';
import { initialFaults, prepareFaults } from './faultWork.ts';

export default defineStage({
  kind: 'quality.faults',
  version: 2,
  summary:
    'Names what is a fault of the instrument and no change of the sample, frame by frame, and masks it: cosmic rays, dead, hot and flickering channels, no signal, saturated channels, beam trips.',
  input: 'frame',
  outputs: ['frame', 'reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: faultSettings,
  example: {},
  prepare: prepareFaults,
  init: initialFaults,
  step(state, frame, emit, work) {
    const {
      config,
      id,
      axis,
      isCounts,
      isAbsorbance,
      runLength,
      dark,
      spikes,
      channels,
      usual,
      signal,
      bad,
      hidden,
      output,
    } = work;
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
    const isOverrun = full.first >= 0 && config.saturated === 'frame';
    const threshold = spikeThreshold(runLength, values.length, noise);
    const isSearched = verdict === 'signal' && !isOverrun;
    spikes.count = channels.broken = 0;
    if (isSearched) {
      for (let i = 0; i < bad.length; i++) hidden[i] = bad[i] === 1 || state.channels.fault[i] !== 0 ? 1 : 0;
      spikes.spikes.fill(0);
      if (config.width > 0)
        findSpikes(state.spikes, { values, variances, bad: hidden }, spikes, { ...config, noise, threshold });
      const hit = { values, variances, bad, spikes: spikes.spikes };
      judgeChannels(state.channels, hit, channels, { resolution: config.resolution, threshold, noise });
      for (let i = 0; i < bad.length; i++) bad[i]! |= spikes.spikes[i]! | channels.left[i]!;
    } else bad.fill(1);

    copyHeader(output, frame);
    output.values = values;
    output.variances = frame.variances;
    output.mask = mask === undefined && !bad.includes(1) ? undefined : bad;
    emit(output);
    const read = (name: string, value: number) =>
      emit(makeReading(frame, id, { name, value, unit: '1', quality: 'valid' }));
    read('cosmicRays', spikes.count);
    read('brokenChannels', channels.broken);
    read('noSignal', verdict === 'none' ? 1 : 0);
    read('saturated', full.count);
    read('beamTrip', verdict === 'low' ? 1 : 0);

    const onsetUs = state.sinceUs;
    const averageRunLength = runLength;
    const report = (fault: Fault, found: FoundFault) => emit(faultDetection(frame, id, fault, found, axis));
    if (verdict === 'none') report('no signal', { onsetUs, statistic: 1, threshold: 1 });
    if (verdict === 'low')
      report('beam trip', { onsetUs, statistic: state.dark.lost, threshold: 1 - config.tripBelow, averageRunLength });
    if (full.first >= 0)
      report('saturated', {
        channels: isOverrun ? undefined : [full.first, full.last],
        statistic: full.count,
        threshold: 1,
      });
    if (spikes.count > 0) {
      const found = { channels: [spikes.from, spikes.to] as const, statistic: spikes.strongest, threshold };
      report('cosmic ray', { ...found, averageRunLength });
    }
    if (isSearched) reportChannels(state.channels, isAbsorbance, { threshold, averageRunLength }, report);
  },
});
