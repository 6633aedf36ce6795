import { z } from 'zod';

/** Settings of every background. */
export const backgroundSettings = {
  region: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe(
      'Part of the fast axis, in its unit, whose sum above the background is the reading `net`; left out, all of it.',
    ),
  output: z.enum(['subtracted', 'background']).default('subtracted').describe('What to hand on.'),
  vary: z
    .number()
    .min(0)
    .max(1)
    .default(0.25)
    .describe(
      'Fraction by which the setting that decides most is made lower and higher: what becomes of the background is its systematic error. 0: none.',
    ),
  varyEvery: z
    .number()
    .int()
    .min(1)
    .default(50)
    .describe('Frames after which the systematic error is found anew; it takes two more backgrounds.'),
  band: z
    .enum(['statistical', 'both'])
    .default('statistical')
    .describe(
      "What the variances of the frames hold. 'both' adds the square of the systematic error, which all frames share: for a comparison with another method, not for finding changes.",
    ),
};

/** What they become. */
export type BackgroundSettings = z.output<z.ZodObject<typeof backgroundSettings>>;
