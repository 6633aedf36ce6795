import { fitted } from '../../kernel/change/expectedSpectrum.ts';
import { createOnsetTrack, updateOnset } from '../../kernel/change/onset.ts';
import { updateTwoSample } from '../../kernel/change/twoSample.ts';
import { createTwoSampleState, exposureRatio, learnedFraction } from '../../kernel/change/twoSampleState.ts';
import { widenRegion } from '../../kernel/change/windowScan.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { copyHeader, hasUsableChannel, type Frame } from '../../model/frame.ts';
import { acceptedAnew, acceptedReading, learningReading } from '../../model/operatorAct.ts';
import type { Reading } from '../../model/signal.ts';
import { stepSettings } from './stepSettings.ts';
import { initialSample, prepareStep } from './stepWork.ts';

export default defineStage({
  kind: 'change.step',
  version: 3,
  summary:
    'Finds any change of the whole spectrum against a reference, weighing every channel by its own noise, blind to intensity.',
  reference:
    'Siegmund, Sequential Analysis, Springer 1985 (scan thresholds); Wilson and Hilferty, Proc. Natl. Acad. Sci. 17 (1931) 684',
  input: 'frame',
  outputs: ['reading', 'detection', 'frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: stepSettings,
  assets: ['baseline'],
  statistic: 'deviations',
  example: { reference: 'learned', learn: 20 },
  averageRunLength: ({ threshold, falseAlarms }, period) =>
    threshold === undefined ? runLengthOf(falseAlarms, period) : null,
  prepare: prepareStep,
  init: (work) => ({ sample: initialSample(work), onset: createOnsetTrack(), accepted: -1 }),
  step(state, frame, emit, { id, x, unit, test, threshold, runLength, quiet, out }) {
    const { stream, seq, timeUs, exposureUs, values, variances, mask } = frame;
    const tested = { shift: frame.axisShift, stretch: 0, exposureUs, timeUs, values, variances, mask };
    if (acceptedAnew(state, frame)) {
      state.sample = createTwoSampleState(test.options);
      state.onset = createOnsetTrack();
      test.ready = false;
      emit(acceptedReading(frame, id, state));
    }
    if (!hasUsableChannel(frame)) return;
    const statistic = updateTwoSample(state.sample, tested, test);
    if (statistic === null) {
      emit(learningReading(frame, id, learnedFraction(state.sample, test.options)));
      return;
    }
    updateOnset(state.onset, timeUs, statistic < quiet, statistic >= threshold);
    const { peak, excess } = test.test;
    const { ignore, window } = test.options;
    const { frames, track, gain } = state.sample;
    // Of no excess at all there is no place; the peak still has that of a frame before.
    const local = statistic > 0 && (peak.z >= threshold || peak.z === statistic);
    if (local) widenRegion(excess, peak);
    const region = local ? ([x[peak.from]!, x[peak.to]!] as const) : undefined;
    const regionUnit = local ? unit : undefined;
    const sign = local ? peak.sign : 0;
    emit({
      type: 'reading',
      stream,
      seq,
      timeUs,
      stage: id,
      name: 'statistic',
      value: statistic,
      unit: '1',
      quality: 'valid',
      region,
      regionUnit,
      sign,
    });
    emit(readingOf(frame, id, 'threshold', threshold, '1'));
    emit(readingOf(frame, id, 'gain', gain * exposureRatio(frames, window), '1'));
    if (ignore.includes('shift'))
      emit(readingOf(frame, id, 'shift', track.usedShift + fitted(test.expected, 'shift'), unit));
    if (ignore.includes('slope')) emit(readingOf(frame, id, 'slope', fitted(test.expected, 'slope'), '1'));
    copyHeader(out, frame);
    scaled(test.expectation, 1 / window, out.values);
    scaled(test.variances, 1 / window, out.variances!);
    emit(out);
    if (statistic < threshold) return;
    const { quietUs, leftUs, loudUs } = state.onset;
    const earliest = Math.min(quietUs < 0 ? frames.nowFromUs : quietUs, frames.nowFromUs, loudUs);
    emit({
      type: 'detection',
      stream,
      seq,
      timeUs,
      onsetUs: Math.min(leftUs, loudUs),
      onsetIntervalUs: [earliest, loudUs],
      detector: id,
      statistic,
      threshold,
      region,
      regionUnit,
      sign,
      averageRunLength: runLength,
    });
  },
});

/** Written out field by field: a spread costs more than the test. */
function readingOf({ stream, seq, timeUs }: Frame, stage: string, name: string, value: number, unit: string): Reading {
  return { type: 'reading', stream, seq, timeUs, stage, name, value, unit, quality: 'valid' };
}

function scaled(values: Float64Array, factor: number, out: Float64Array): void {
  if (factor === 1) out.set(values);
  else for (let i = 0; i < out.length; i++) out[i] = factor * values[i]!;
}
