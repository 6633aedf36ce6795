import { z } from 'zod';
import { falseAlarmRate } from '../../model/duration.ts';

const frames = (least: number) => z.number().int().min(least);

/** Settings of `trim`. */
const trim = z.strictObject({
  unit: z
    .enum(['logLikelihoodRatio', 'deviations'])
    .default('logLikelihoodRatio')
    .describe("What the statistic counts in: 'deviations' behind change.step."),
  every: frames(10)
    .default(100)
    .describe('Quiet frames between two passes of the lower level, from which the trim is learned.'),
  memory: frames(100)
    .default(4000)
    .describe('Frames after which an old trim is mostly forgotten; longer is steadier and comes later.')
    .meta({ unit: 'frame' }),
  below: z.number().min(0).default(1).describe('Furthest below the stated threshold.').meta({ unit: '1' }),
  above: z.number().min(0).default(4).describe('Furthest above the stated threshold.').meta({ unit: '1' }),
  hold: frames(0).default(100).describe('Frames it does not move after evidence was high.').meta({ unit: 'frame' }),
});

/** Settings of threshold.adaptive. */
export const adaptiveSettings = z.strictObject({
  reading: z.string().default('statistic').describe('Name of the reading to watch; others pass by unseen.'),
  stage: z.string().optional().describe('Only from the stage of this id.'),
  learn: frames(5).default(30).describe('Readings from which the usual level is learned, or before a trim moves.'),
  factor: z.number().positive().default(8).describe('Scatters above the usual level; higher is rarer.'),
  falseAlarms: falseAlarmRate
    .optional()
    .describe('Instead of factor, as if the statistic were normal; with trim, the rate of the detector.'),
  leastRatio: z
    .number()
    .min(1)
    .default(1)
    .describe('Threshold over usual level at the least: for a statistic >= 0 whose scatter says little.'),
  memory: z.number().min(10).default(200).describe('Quiet readings after which the old level is mostly forgotten.'),
  trim: trim
    .optional()
    .describe(
      "Instead of a level of its own: takes the detector's threshold and moves it slowly, so that the stream's own noise " +
        'passes it as rarely as falseAlarms says. Needs a detector whose statistic goes on after a detection: not ' +
        'change.poissonCusum.',
    ),
});
export type AdaptiveSettings = z.output<typeof adaptiveSettings>;
