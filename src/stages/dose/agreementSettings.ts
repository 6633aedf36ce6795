import { z } from 'zod';
import { DOSE } from '../../model/doseReading.ts';

/** Settings of dose.agreement. */
export const agreementSettings = z
  .strictObject({
    a: z
      .string()
      .min(1)
      .optional()
      .describe('Id of the stage that keeps the first account, by beam current or time; left out, the only one.'),
    b: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Id of the stage that keeps the second, as dose.counts does; left out, the counts of the frames are taken.',
      ),
    reading: z
      .string()
      .min(1)
      .default(DOSE.ofFrame)
      .describe('Name of the reading that is the dose of one frame, of both accounts.'),
    countsPerDose: z
      .number()
      .positive()
      .optional()
      .describe('Counts of the detector per unit of dose, calibrated; left out, learned from the first frames.'),
    learn: z
      .int()
      .min(1)
      .default(50)
      .describe('Frames to learn it from; the channels are taken to agree during them.')
      .meta({ unit: 'frames' }),
    region: z
      .tuple([z.number(), z.number()])
      .refine(([from, to]) => from < to, 'expected [from, to] with from below to')
      .optional()
      .describe('Part of the fast axis to count, in its unit; left out, all of it.'),
    darkCounts: z
      .number()
      .min(0)
      .default(0)
      .describe('Mean counts per frame without beam, of what is counted.')
      .meta({ unit: '1' }),
  })
  .superRefine(({ a, b, countsPerDose, region }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (b === undefined) return;
    if (a === undefined) refuse('a', 'expected the id of the first account beside that of the second');
    if (a === b) refuse('b', `got '${b}' twice, expected another stage than the first`);
    if (countsPerDose === undefined)
      refuse('countsPerDose', 'expected one beside a second account, whose dose is turned back into counts with it');
    if (region !== undefined) refuse('region', 'speaks of frames, expected none beside a second account');
  });
