import { z } from 'zod';
import { falseAlarmRate } from '../../model/duration.ts';

/** Settings of change.poissonCusum. */
export const poissonCusumSettings = z.strictObject({
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
});
