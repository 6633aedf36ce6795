import { z } from 'zod';
import { divideByNorm } from '../../kernel/normalisation/euclidean.ts';
import { defineStage } from '../../model/defineStage.ts';
import { prepareDivided, stepDivided } from './divided.ts';

export default defineStage({
  kind: 'normalisation.euclidean',
  version: 2,
  summary:
    'Divides each spectrum by its Euclidean norm, so that only its direction counts. Assumes that the gain alone varies; high peaks decide, and noise makes the norm too long.',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({}),
  example: {},
  prepare: (setting) => prepareDivided(setting, divideByNorm),
  init: () => ({}),
  step: stepDivided,
});
