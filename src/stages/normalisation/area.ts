import { z } from 'zod';
import { divideByArea } from '../../kernel/normalisation/area.ts';
import { defineStage } from '../../model/defineStage.ts';
import { prepareDivided, stepDivided } from './divided.ts';
import { dividedInRegion } from './dividedInRegion.ts';

export default defineStage({
  kind: 'normalisation.area',
  version: 2,
  summary:
    'Divides each spectrum by its own sum. Assumes that the sum does not change: what grows makes all else shrink. Of a region, the noise of its sum goes into every channel, and into the error of every sum and fit behind.',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    region: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('Part of the fast axis to sum, in its unit; left out, all of it.'),
  }),
  example: {},
  prepare: (setting) => prepareDivided(setting, dividedInRegion(setting, divideByArea)),
  init: () => ({}),
  step: stepDivided,
});
