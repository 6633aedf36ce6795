import { countRegion } from '../../kernel/array/countRegion.ts';
import { addChannelRates, createChannelRates, regionRate } from '../../kernel/change/channelRates.ts';
import { onsetInterval } from '../../kernel/change/poissonCusum.ts';
import { createCusumSides, resetCusumSides, updateCusumSides } from '../../kernel/change/poissonCusumSides.ts';
import { LONGEST_RUN, poissonCusumSidesArl, poissonCusumThreshold } from '../../kernel/change/poissonCusumThreshold.ts';
import { createLearnedRate, learnRate, LEAST_COUNTS } from '../../kernel/change/poissonRate.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { runLengthOf } from '../../model/duration.ts';
import { axisLength, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';
import { acceptedAnew, acceptedReading, learningReading } from '../../model/operatorAct.ts';
import { poissonCusumSettings } from './poissonCusumSettings.ts';

export default defineStage({
  kind: 'change.poissonCusum',
  version: 3,
  summary: 'Finds a rise or fall of the total counts, or those of a region, against a known or learned rate.',
  reference: 'Lucas, Technometrics 27 (1985) 129',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson'], gives: 'same', advice: 'It counts: place it before background and normalisation.' },
  config: poissonCusumSettings,
  example: {},
  averageRunLength({ expectedCounts, ratio, threshold, falseAlarms, sides }, framePeriodUs) {
    if (threshold !== undefined)
      return expectedCounts === undefined ? null : poissonCusumSidesArl(expectedCounts, ratio, threshold, sides);
    const needsPeriod = typeof falseAlarms.onePer === 'number';
    return needsPeriod && framePeriodUs === null ? null : runLengthOf(falseAlarms, framePeriodUs);
  },
  prepare({ id, config, layout, framePeriodUs }) {
    const axis = fastAxis(layout);
    const length = axisLength(axis);
    const [first, end] = config.region === undefined ? [0, length] : channelRange(axis, config.region);
    const runLength =
      config.threshold === undefined ? Math.min(LONGEST_RUN, runLengthOf(config.falseAlarms, framePeriodUs)) : null;
    const place = config.region === undefined ? {} : { region: config.region, regionUnit: axis.unit };
    return { id, ...config, size: layout.size, first, end, length, runLength, place };
  },
  init: ({ size }) => ({ ...unlearned(size), accepted: -1 }),
  step(state, frame, emit, work) {
    const { id, learn, ratio, sides, place, first, end, length } = work;
    if (acceptedAnew(state, frame)) {
      Object.assign(state, unlearned(work.size));
      emit(acceptedReading(frame, id, state));
    }
    const { learned, rates, cusum } = state;
    const { counts, share } = countRegion(frame.values, { first, end, length, mask: frame.mask });
    if (share === 0 || !(frame.exposureUs > 0)) return;
    if (state.exposureUs === 0) state.exposureUs = work.exposureUs ?? frame.exposureUs;
    // What was expected by hand speaks of the old state.
    const expectedCounts = state.accepted < 0 ? work.expectedCounts : undefined;
    const isLearned = expectedCounts === undefined;
    const whole = frame.exposureUs / state.exposureUs;
    if (isLearned && learned.frameCount < learn) {
      learnRate(learned, counts, whole);
      addChannelRates(rates, frame.values, whole, frame.mask);
      emit(learningReading(frame, id, learned.frameCount / learn));
      return;
    }
    if (state.threshold === 0) {
      state.rate = expectedCounts ?? Math.max(regionRate(rates, work), LEAST_COUNTS / learned.exposure);
      state.threshold = work.threshold ?? poissonCusumThreshold(state.rate, ratio, work.runLength!, sides);
      state.averageRunLength = work.runLength ?? poissonCusumSidesArl(state.rate, ratio, state.threshold, sides);
    }
    const { rate, threshold, averageRunLength } = state;
    // Masked channels are taken to have held what they held while learning, else as much as the others.
    const known = isLearned && frame.mask !== undefined && rate * learned.exposure > LEAST_COUNTS;
    const exposure = whole * (known ? regionRate(rates, work, frame.mask) / rate : share);
    if (!(exposure > 0)) return;
    const { stream, seq, timeUs } = frame;
    const options = { rate, ratio, sides, learnedExposure: isLearned ? learned.exposure : Infinity };
    const side = updateCusumSides(cusum, counts, exposure, timeUs, options);
    const { statistic, sinceUs } = cusum[side];
    emit(makeReading(frame, id, { name: 'statistic', value: statistic, unit: '1', quality: 'valid' }));
    emit(makeReading(frame, id, { name: 'threshold', value: threshold, unit: '1', quality: 'valid' }));
    if (statistic < threshold) return;
    emit({
      type: 'detection',
      stream,
      seq,
      timeUs,
      onsetUs: sinceUs,
      onsetIntervalUs: onsetInterval(cusum[side], rate, timeUs, frame.exposureUs),
      detector: id,
      statistic,
      threshold,
      ...place,
      sign: side === 'up' ? 1 : -1,
      averageRunLength,
    });
    resetCusumSides(cusum);
  },
});

/** Before the first frame, and again when the operator has accepted a new state. */
const unlearned = (size: number) => ({
  exposureUs: 0,
  learned: createLearnedRate(),
  rates: createChannelRates(size),
  rate: 0,
  threshold: 0,
  averageRunLength: 0,
  cusum: createCusumSides(),
});
