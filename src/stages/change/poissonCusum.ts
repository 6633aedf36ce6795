import { z } from 'zod';
import { countRegion } from '../../kernel/array/countRegion.ts';
import { onsetInterval } from '../../kernel/change/poissonCusum.ts';
import { createCusumSides, resetCusumSides, updateCusumSides } from '../../kernel/change/poissonCusumSides.ts';
import { LONGEST_RUN, poissonCusumSidesArl, poissonCusumThreshold } from '../../kernel/change/poissonCusumThreshold.ts';
import { createLearnedRate, learnedRate, learnRate } from '../../kernel/change/poissonRate.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { falseAlarmRate, runLengthOf } from '../../model/duration.ts';
import { axisLength, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';

export default defineStage({
  kind: 'change.poissonCusum',
  version: 1,
  summary: 'Finds a rise or fall of the total counts, or those of a region, against a known or learned rate.',
  reference: 'Lucas, Technometrics 27 (1985) 129',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson'], gives: 'same', advice: 'It counts: place it before background and normalisation.' },
  config: z.strictObject({
    expectedCounts: z
      .number()
      .positive()
      .optional()
      .describe('Mean counts per frame while nothing changes; left out, learned.')
      .meta({ unit: '1' }),
    learn: z.number().int().min(1).default(50).describe('Frames to learn the rate from; more make it surer.'),
    exposureUs: z
      .number()
      .positive()
      .optional()
      .describe('Exposure that expectedCounts speaks of; left out, that of the first frame.')
      .meta({ unit: 'us' }),
    region: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('Part of the fast axis to count, in its unit; left out, all of it.'),
    ratio: z
      .number()
      .gt(1)
      .default(1.2)
      .describe('Smallest change worth finding, as a factor; a fall by 1 / ratio.')
      .meta({ unit: '1' }),
    sides: z.enum(['up', 'down', 'both']).default('both').describe('Which changes to look for.'),
    threshold: z
      .number()
      .positive()
      .optional()
      .describe('Log-likelihood ratio at which to speak; left out, from falseAlarms.'),
    falseAlarms: falseAlarmRate
      .default({ onePer: { frames: 100_000 } })
      .describe('How rarely quiet data may raise a detection.'),
  }),
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
    return { id, ...config, first, end, length, runLength, place };
  },
  init: () => ({
    exposureUs: 0,
    learned: createLearnedRate(),
    rate: 0,
    threshold: 0,
    averageRunLength: 0,
    cusum: createCusumSides(),
  }),
  step(state, frame, emit, work) {
    const { id, learn, ratio, sides, expectedCounts, place, first, end, length } = work;
    const { learned, cusum } = state;
    const { counts, share } = countRegion(frame.values, { first, end, length, mask: frame.mask });
    if (share === 0 || !(frame.exposureUs > 0)) return;
    if (state.exposureUs === 0) state.exposureUs = work.exposureUs ?? frame.exposureUs;
    // Masked channels are taken to have held their share of the counts.
    const exposure = (frame.exposureUs / state.exposureUs) * share;
    const isLearned = expectedCounts === undefined;
    if (isLearned && learned.frameCount < learn) return learnRate(learned, counts, exposure);
    if (state.threshold === 0) {
      state.rate = expectedCounts ?? learnedRate(learned);
      state.threshold = work.threshold ?? poissonCusumThreshold(state.rate, ratio, work.runLength!, sides);
      state.averageRunLength = work.runLength ?? poissonCusumSidesArl(state.rate, ratio, state.threshold, sides);
    }
    const { rate, threshold, averageRunLength } = state;
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
