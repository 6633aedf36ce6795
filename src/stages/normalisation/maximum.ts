import { z } from 'zod';
import { divideByMaximum } from '../../kernel/normalisation/maximum.ts';
import { defineStage } from '../../model/defineStage.ts';
import { prepareDivided, stepDivided } from './divided.ts';
import { dividedInRegion } from './dividedInRegion.ts';

export default defineStage({
  kind: 'normalisation.maximum',
  version: 2,
  summary:
    'Divides each spectrum by its highest channel. Assumes that the highest peak stays the same; all the noise of one channel goes into every other, and of few counts the highest is taken too high.',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    region: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('Part of the fast axis in which the highest channel is looked for, in its unit; left out, all of it.'),
  }),
  example: {},
  prepare: (setting) => prepareDivided(setting, dividedInRegion(setting, divideByMaximum)),
  init: () => ({}),
  step: stepDivided,
});
