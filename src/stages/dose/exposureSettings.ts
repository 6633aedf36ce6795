import { z } from 'zod';

const id = z.string().min(1);

/** Settings of dose.exposure. */
export const exposureSettings = z
  .strictObject({
    detector: id
      .optional()
      .describe('Id of the detector whose statistic is the evidence; left out, the first that is heard.'),
    statistic: z
      .string()
      .min(1)
      .default('statistic')
      .describe('Name of its reading, nats: a log-likelihood ratio whose increments scale with the counts.'),
    lo: z
      .number()
      .positive()
      .default(0.05)
      .describe('Exposure while nothing happens, relative to nominal.')
      .meta({ unit: '1' }),
    hi: z
      .number()
      .positive()
      .default(1)
      .describe(
        'Exposure when evidence rises, relative to nominal; 1.5 costs no delay where the frame period allows it.',
      )
      .meta({ unit: '1' }),
    raiseAt: z
      .number()
      .min(0)
      .default(0.2)
      .describe('Evidence above which the exposure is raised, nats; higher saves more dose and finds later.'),
    nominalExposureMs: z
      .number()
      .positive()
      .optional()
      .describe('Exposure that 1 stands for; left out, that of the first frame, and no advice in seconds.')
      .meta({ unit: 'ms' }),
    dose: id
      .optional()
      .describe('Id of the stage whose dose budget caps the exposure; left out, any account among the inputs.'),
    damage: id
      .optional()
      .describe('Id of the dose.response stage whose stop rule caps it; left out, any among the inputs.'),
    risk: z
      .number()
      .positive()
      .lt(1)
      .default(0.05)
      .describe(
        'P(damage over tolerance after the next frame) that the stop rule allows; above half of it nothing is raised.',
      )
      .meta({ unit: '1' }),
  })
  .refine(({ lo, hi }) => lo <= hi, { path: ['hi'], error: 'expected at least lo' });
