import { z } from 'zod';

const span = z
  .strictObject({
    from: z.number().describe('Lower end, in the unit of the fast axis.'),
    to: z.number().describe('Upper end, included.'),
  })
  .refine(({ from, to }) => from < to, 'expected `from` below `to`');
const share = z.number().min(0).max(1);

/** Two windows whose shares say how damaged the sample is. */
export const responseWindows = z
  .strictObject({
    a: span.describe('Where the signal is that damage changes.'),
    b: span.describe('What it is compared with: their total is conditioned on, so that the intensity drops out.'),
    intactShare: share
      .gt(0)
      .lt(1)
      .optional()
      .describe('Share of A in A + B, undamaged; left out, learned from the first `learn` frames of an area.'),
    damagedShare: share
      .default(0)
      .describe('Share of A when all is damaged; left out, 0: f is then the relative loss of its share.'),
  })
  .refine(({ intactShare, damagedShare }) => intactShare !== damagedShare, 'expected two shares that differ')
  .refine(({ a, b }) => a.to < b.from || b.to < a.from, 'expected windows that do not overlap');
