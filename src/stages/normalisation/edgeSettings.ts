import { z } from 'zod';

const window = z
  .tuple([z.number(), z.number()])
  .refine(([from, to]) => from < to, 'a window needs two energies, the lower first');

/** Settings of normalisation.edgeStep. */
export const edgeSettings = {
  edge: z
    .number()
    .optional()
    .describe(
      'Energy of the edge, in the unit of the axis; left out, where the mean of the first frames rises most steeply. It stays there: a running one would follow what is looked for.',
    ),
  learn: z.number().int().min(1).default(5).describe('Without `edge`: frames that it is found in.'),
  preEdge: window.describe('Where the line before the edge is fitted, relative to the edge, in the unit of the axis.'),
  postEdge: window.describe(
    'Where the polynomial behind the edge is fitted, relative to it; what the axis does not reach is left out.',
  ),
  order: z
    .number()
    .int()
    .min(0)
    .max(2)
    .default(1)
    .describe(
      'Degree of that polynomial; higher follows the bend of a long scan, and makes the step of a short one unsure.',
    ),
  flatten: z
    .boolean()
    .default(true)
    .describe('Take slope and bend of the polynomial away behind the edge, so that the spectrum ends at 1.'),
};
