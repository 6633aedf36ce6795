import { createFocusOnset, updateFocusOnset } from '../../kernel/change/focusOnset.ts';
import { HOLD, resetFocusSides, updateFocusSides } from '../../kernel/change/focusSides.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { makeReading } from '../../model/makeReading.ts';
import { ACCEPTED, acceptedAnew, acceptedReading, learningReading } from '../../model/operatorAct.ts';
import { certify, resetFocusCertificate } from './focusCertificate.ts';
import { findReference } from './focusReference.ts';
import { takeSample } from './focusSample.ts';
import { focusSettings } from './focusSettings.ts';
import { initialFocus, prepareFocus, type FocusState } from './focusWork.ts';

export default defineStage({
  kind: 'change.focus',
  version: 1,
  summary:
    'Finds a rise or fall of any size and length in a scalar: the counts of the frame or of a region, or a reading.',
  reference: 'Ward, Dilillo, Eckley, Fearnhead, J. Comput. Graph. Stat. 33 (2024); Romano et al., JMLR 24 (2023) 81',
  input: ['frame', 'reading'],
  outputs: ['reading', 'detection'],
  noise: {
    accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'],
    gives: 'same',
    advice: 'It sees most in raw counts: place it before background and normalisation.',
  },
  config: focusSettings,
  assets: ['baseline'],
  example: { learn: 50 },
  averageRunLength: ({ threshold, falseAlarms }, period) =>
    threshold === undefined ? runLengthOf(falseAlarms, period) : null,
  prepare: prepareFocus,
  init: initialFocus,
  step(state, signal, emit, work) {
    const { id, config, sample, place } = work;
    const { sides, onset, learning } = state;
    if (signal.type === 'frame') {
      if (acceptedAnew(state, signal)) {
        forget(state);
        emit(acceptedReading(signal, id, state));
      }
      if (config.reading !== undefined) return;
    } else if (signal.name === ACCEPTED && config.reading !== undefined) return forget(state);
    if (!takeSample(state, signal, work)) return;
    if (state.threshold === 0) {
      const found = findReference(state, work);
      if (found === null) {
        emit(learningReading(signal, id, learning.count / learning.values.length));
        if (state.trendError === 0) return;
        const { trend: value, trendError: standardError } = state;
        const { unit } = signal.type === 'frame' ? signal.layout : signal;
        emit(makeReading(signal, id, { name: 'trend', value, standardError, unit, quality: 'valid' }));
        return;
      }
      const { dispersion: value } = state.reference;
      emit(makeReading(signal, id, { name: 'dispersion', value, unit: '1', quality: 'valid' }));
      if (found === 'learned') return;
    }
    const { threshold, memory, reference } = state;
    const wasChanged = sides.changed;
    const { value, exposure } = sample;
    const variance = sample.variance * state.variance;
    const certified = certify(state.certificate, value, exposure * reference.level, threshold);
    const options = { sides: config.sides, memory, threshold, bonus: config.bonus, certified };
    const isChanged = updateFocusSides(sides, { value, exposure, variance }, signal.timeUs, reference, options);
    const { statistic, sign } = sides;
    emit(makeReading(signal, id, { name: 'statistic', value: statistic, unit: '1', quality: 'valid' }));
    emit(makeReading(signal, id, { name: 'threshold', value: threshold, unit: '1', quality: 'valid' }));
    if (!isChanged) {
      if (wasChanged) resetFocusCertificate(state.certificate);
      return;
    }
    const { stream, seq, timeUs } = signal;
    if (!wasChanged) Object.assign(onset, createFocusOnset());
    const exposureUs = signal.type === 'frame' ? signal.exposureUs : 0;
    updateFocusOnset(onset, sign > 0 ? sides.up : sides.down, { timeUs, exposureUs });
    emit({
      type: 'detection',
      stream,
      seq,
      timeUs,
      onsetUs: onset.onsetUs,
      onsetIntervalUs: [onset.fromUs, onset.toUs],
      detector: id,
      statistic,
      threshold: statistic >= threshold ? threshold : threshold - HOLD,
      ...place,
      sign,
      averageRunLength: state.averageRunLength,
    });
  },
});

/** Learns anew from the next frame on. */
function forget(state: FocusState): void {
  state.anew = true;
  state.exposureUs = 0;
  state.trend = 0;
  state.trendError = 0;
  state.learning.count = 0;
  state.rates.exposures.fill(0);
  state.rates.counts.fill(0);
  state.threshold = 0;
  state.certificate.isFair = false;
  resetFocusCertificate(state.certificate);
  resetFocusSides(state.sides);
}
