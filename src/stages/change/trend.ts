import { forgetFrames, takeEvolutionFrame } from '../../kernel/change/evolutionFrames.ts';
import {
  canJudge,
  createTrend,
  judgeTrend,
  learnTrendNoise,
  takeReading,
  turningSeries,
  type Trend,
} from '../../kernel/change/trend.ts';
import { updateTurningHold } from '../../kernel/change/turningHold.ts';
import { turningTime } from '../../kernel/change/turningInterval.ts';
import { turningRunLength } from '../../kernel/change/turningThreshold.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import type { Frame } from '../../model/frame.ts';
import { acceptedAnew, acceptedReading } from '../../model/operatorAct.ts';
import { TURNING_POINT, type Reading } from '../../model/signal.ts';
import { trendSettings } from './trendSettings.ts';
import { prepareTrend } from './trendWork.ts';

export default defineStage({
  kind: 'change.trend',
  version: 1,
  summary: 'Finds where a steady evolution of a spectrum or a reading turns back; says how fast it goes.',
  reference: 'Robertson, Wright and Dykstra, Order Restricted Statistical Inference, Wiley 1988',
  input: ['frame', 'reading'],
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: trendSettings,
  example: { learn: 10 },
  averageRunLength: ({ threshold, falseAlarms, memory, reading }, framePeriodUs) => {
    const followed = reading === undefined ? 'spectrum' : 'reading';
    if (threshold !== undefined) return turningRunLength(memory, threshold, followed);
    const needsPeriod = typeof falseAlarms.onePer === 'number';
    return needsPeriod && framePeriodUs === null ? null : runLengthOf(falseAlarms, framePeriodUs);
  },
  prepare: prepareTrend,
  init: ({ evolution }) => ({ accepted: -1, exposureUs: 0, trend: createTrend(evolution) }),
  step(state, signal, emit, work) {
    const { id, learn, threshold, judge, search, judgement, evolution } = work;
    if (signal.type === 'frame' && acceptedAnew(state, signal)) {
      state.trend = createTrend(evolution);
      emit(acceptedReading(signal, id, state));
    }
    const { trend } = state;
    const isTaken = signal.type === 'frame' ? takeSpectrum(state, signal, work) : takeScalar(trend, signal, work);
    if (!isTaken) return;
    learnTrendNoise(trend, judge.isReading, search);
    const unit = signal.type === 'reading' ? signal.unit : '1';
    if (!canJudge(trend, learn)) {
      emit(readingOf(signal, id, 'learning', Math.min(1, trend.taken / learn), '1'));
      return;
    }
    judgeTrend(trend, judge, search, judgement);
    const { statistic, split, sense } = search.found;
    emit(readingOf(signal, id, 'statistic', statistic, '1'));
    emit(readingOf(signal, id, 'threshold', threshold, '1'));
    emit(readingOf(signal, id, 'speed', judgement.value, unit === '1' ? 's-1' : `${unit}/s`, judgement.standardError));
    emit(readingOf(signal, id, 'progress', trend.progress, unit));
    const isFound = statistic >= threshold;
    if (isFound) {
      const series = turningSeries(trend, judge, search);
      const { bestUs, fromUs, toUs } = turningTime({ ...series, ...judgement.noise, split, sense });
      const { stream, seq, timeUs } = signal;
      emit({
        type: 'detection',
        stream,
        seq,
        timeUs,
        onsetUs: bestUs,
        onsetIntervalUs: [fromUs, toUs],
        detector: id,
        statistic,
        threshold,
        sign: (judge.isReading ? sense : trend.hold.direction) > 0 ? -1 : 1,
        template: TURNING_POINT,
        averageRunLength: work.averageRunLength,
      });
    }
    const since = trend.evolution.count - 1 - split;
    if (updateTurningHold(trend.hold, since, isFound)) forgetFrames(trend.evolution, split);
  },
});

type Work = ReturnType<typeof prepareTrend>;

function takeSpectrum(state: { exposureUs: number; trend: Trend }, frame: Frame, work: Work): boolean {
  const { values, variances, mask, timeUs, exposureUs, layout } = frame;
  if (work.judge.isReading || !(exposureUs > 0)) return false;
  if (state.exposureUs === 0) state.exposureUs = exposureUs;
  const factor = layout.noise === 'poisson' ? state.exposureUs / exposureUs : 1;
  const taken = { values, variances, mask, timeUs, factor };
  return takeEvolutionFrame(state.trend.evolution, taken, work.evolution, work.room);
}

function takeScalar(trend: Trend, reading: Reading, { reading: watched, stage, noise }: Work): boolean {
  const { value, standardError = 0, timeUs } = reading;
  if (reading.name !== watched || (stage !== undefined && reading.stage !== stage)) return false;
  if (reading.quality === 'invalid' || !Number.isFinite(value)) return false;
  takeReading(trend, value, noise !== 'learned' && standardError > 0 ? standardError ** -2 : 1, timeUs);
  return true;
}

/** An error that is not finite is none. */
function readingOf(
  { stream, seq, timeUs }: Frame | Reading,
  stage: string,
  name: string,
  value: number,
  unit: string,
  error = Infinity,
): Reading {
  const quality = Number.isFinite(value) ? 'valid' : 'invalid';
  const standardError = Number.isFinite(error) ? error : undefined;
  return { type: 'reading', stream, seq, timeUs, stage, name, value, standardError, unit, quality };
}
