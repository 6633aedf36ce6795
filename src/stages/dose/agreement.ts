import {
  AGREEMENT_THRESHOLD,
  createChannelAgreement,
  smoothedRatio,
  updateChannelAgreement,
} from '../../kernel/dose/channelAgreement.ts';
import { defineStage } from '../../model/defineStage.ts';
import { makeReading } from '../../model/makeReading.ts';
import { learningReading } from '../../model/operatorAct.ts';
import { countedPart, createAgreementParts, takeAgreementPart } from './agreementParts.ts';
import { agreementSettings } from './agreementSettings.ts';

/** Counts per frame at the least: a detector that gave none while learning shall disagree, not be held for a blind one. */
const LEAST_COUNTS = 1;

export default defineStage({
  kind: 'dose.agreement',
  version: 1,
  summary: 'Holds two independent measures of the dose against each other: beam current and time, and detector counts.',
  reference: 'Lucas, Technometrics 27 (1985) 129',
  input: ['frame', 'reading'],
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson'], gives: 'same', advice: 'It counts: place it before background and normalisation.' },
  keepsStateOverLayouts: true,
  config: agreementSettings,
  example: { reading: 'doseFrame', learn: 20 },
  averageRunLength: () => null,
  prepare: ({ id, config, layout }) => ({ id, config, counted: countedPart(layout, config.region) }),
  init: ({ config: { countsPerDose = 0 } }) => ({
    /** Counts per unit of dose; 0 while it is learned. */
    countsPerDose,
    learning: { frames: 0, counts: 0, dose: 0 },
    channels: createChannelAgreement(),
    pending: createAgreementParts(),
    statistic: 0,
    /** Last account of the first channel, and what was counted beyond it, in its unit. */
    spent: 0,
    beyond: 0,
  }),
  step(state, signal, emit, { id, config, counted }) {
    const { channels, learning, pending } = state;
    if (!takeAgreementPart(pending, signal, config, counted)) return;
    const { counts, share, dose, unit } = pending;
    const { stream, seq, timeUs } = signal;
    const isJudged = pending.isValid && share > 0 && Number.isFinite(counts);
    const quality = isJudged ? 'valid' : 'invalid';
    // Another area, or an account begun anew: what was beyond the former one is not its.
    if (pending.spent < state.spent) state.beyond = 0;
    state.spent = pending.spent;
    if (state.countsPerDose === 0) {
      if (isJudged && dose > 0) {
        learning.frames++;
        learning.counts += Math.max(0, counts / share - config.darkCounts);
        learning.dose += dose;
        if (learning.frames >= config.learn)
          state.countsPerDose = Math.max(learning.counts, LEAST_COUNTS * learning.frames) / learning.dose;
      }
      emit(learningReading(signal, id, learning.frames / config.learn));
      emit(makeReading(signal, id, { name: 'doseCharged', value: state.spent, unit, quality }));
      return;
    }
    if (isJudged) {
      const { excess } = channels;
      const perDose = share * state.countsPerDose;
      const dark = share * config.darkCounts;
      state.statistic = updateChannelAgreement(channels, counts, perDose * dose, timeUs, dark);
      state.beyond += (channels.excess - excess) / perDose;
    }
    const ratio = smoothedRatio(channels);
    emit(
      makeReading(signal, id, {
        name: 'doseRatio',
        value: ratio?.value ?? 0,
        standardError: ratio?.error,
        unit: '1',
        quality: ratio === null ? 'invalid' : quality,
      }),
    );
    emit(makeReading(signal, id, { name: 'doseCharged', value: state.spent + state.beyond, unit, quality }));
    emit(makeReading(signal, id, { name: 'threshold', value: AGREEMENT_THRESHOLD, unit: '1', quality: 'valid' }));
    emit(makeReading(signal, id, { name: 'statistic', value: state.statistic, unit: '1', quality }));
    if (channels.standing === 0) return;
    emit({
      type: 'detection',
      stream,
      seq,
      timeUs,
      onsetUs: channels.onsetUs,
      detector: id,
      statistic: state.statistic,
      threshold: AGREEMENT_THRESHOLD,
      sign: channels.standing,
      template: 'dose channels',
    });
  },
});
