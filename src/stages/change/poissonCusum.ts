import { z } from 'zod';
import { countRegion } from '../../kernel/array/countRegion.ts';
import {
  onsetInterval,
  createPoissonCusumState,
  resetPoissonCusum,
  updatePoissonCusum,
} from '../../kernel/change/poissonCusum.ts';
import { poissonCusumSidesArl, poissonCusumThreshold } from '../../kernel/change/poissonCusumThreshold.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { falseAlarmRate, runLengthOf } from '../../model/duration.ts';
import { axisLength, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';

/** Longer run lengths cannot be computed, and are longer than any experiment. */
const LONGEST_RUN = 1e12;

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
  averageRunLength: ({ expectedCounts, ratio, threshold, falseAlarms, sides }, framePeriodUs) =>
    threshold === undefined
      ? typeof falseAlarms.onePer === 'number' && framePeriodUs === null
        ? null
        : runLengthOf(falseAlarms, framePeriodUs)
      : expectedCounts === undefined
        ? null
        : poissonCusumSidesArl(expectedCounts, ratio, threshold, sides),
  prepare({ id, config, layout, framePeriodUs }) {
    const axis = fastAxis(layout);
    const length = axisLength(axis);
    const [first, end] = config.region === undefined ? [0, length] : channelRange(axis, config.region);
    const runLength =
      config.threshold === undefined ? Math.min(LONGEST_RUN, runLengthOf(config.falseAlarms, framePeriodUs)) : null;
    const place = config.region === undefined ? {} : { region: config.region, regionUnit: axis.unit };
    const sides = config.sides === 'both' ? (['up', 'down'] as const) : [config.sides];
    return { id, ...config, first, end, length, runLength, place, watched: sides };
  },
  init: () => ({
    exposureUs: 0,
    learnedCounts: 0,
    learnedExposure: 0,
    learnedCount: 0,
    rate: 0,
    threshold: 0,
    averageRunLength: 0,
    up: createPoissonCusumState(),
    down: createPoissonCusumState(),
  }),
  step(state, frame, emit, work) {
    const { id, learn, ratio, sides, watched, place, first, end, length } = work;
    const { counts, share } = countRegion(frame.values, { first, end, length, mask: frame.mask });
    if (share === 0 || !(frame.exposureUs > 0)) return;
    if (state.exposureUs === 0) state.exposureUs = work.exposureUs ?? frame.exposureUs;
    // Masked channels are taken to have held their share of the counts.
    const exposure = (frame.exposureUs / state.exposureUs) * share;
    const known = work.expectedCounts !== undefined;
    if (!known && state.learnedCount < learn) {
      state.learnedCounts += counts;
      state.learnedExposure += exposure;
      state.learnedCount++;
      return;
    }
    if (state.threshold === 0) {
      // A stream that gave nothing while learning is watched as if it had given half a count.
      state.rate = work.expectedCounts ?? Math.max(0.5, state.learnedCounts) / state.learnedExposure;
      state.threshold = work.threshold ?? poissonCusumThreshold(state.rate, ratio, work.runLength!, sides);
      state.averageRunLength = work.runLength ?? poissonCusumSidesArl(state.rate, ratio, state.threshold, sides);
    }
    const { rate, threshold, averageRunLength } = state;
    const learnedExposure = known ? Infinity : state.learnedExposure;
    let statistic = 0;
    for (const side of watched) {
      const options = { rate, ratio: side === 'up' ? ratio : 1 / ratio, learnedExposure };
      statistic = Math.max(statistic, updatePoissonCusum(state[side], counts, exposure, frame.timeUs, options));
    }
    emit(makeReading(frame, id, { name: 'statistic', value: statistic, unit: '1', quality: 'valid' }));
    emit(makeReading(frame, id, { name: 'threshold', value: threshold, unit: '1', quality: 'valid' }));
    if (statistic < threshold) return;
    const { stream, seq, timeUs } = frame;
    const side = watched.reduce((best, other) => (state[other].statistic > state[best].statistic ? other : best));
    emit({
      type: 'detection',
      stream,
      seq,
      timeUs,
      onsetUs: state[side].sinceUs,
      onsetIntervalUs: onsetInterval(state[side], rate, timeUs, frame.exposureUs),
      detector: id,
      statistic,
      threshold,
      ...place,
      sign: side === 'up' ? 1 : -1,
      averageRunLength,
    });
    resetPoissonCusum(state.up);
    resetPoissonCusum(state.down);
  },
});
