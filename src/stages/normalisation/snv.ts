import { z } from 'zod';
import { snv } from '../../kernel/normalisation/snv.ts';
import { defineStage } from '../../model/defineStage.ts';
import { prepareDivided, stepDivided } from './divided.ts';

export default defineStage({
  kind: 'normalisation.snv',
  version: 2,
  summary:
    'Takes the mean of each spectrum away and divides by its standard deviation over the channels (SNV). Assumes that offset and gain vary and the mixture of channels does not: a peak that grows makes all others shrink.',
  reference: 'Barnes, Dhanoa and Lister, Appl. Spectrosc. 43 (1989) 772',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    ddof: z
      .union([z.literal(0), z.literal(1)])
      .default(1)
      .describe('Degrees of freedom taken off in the standard deviation: 1 in chemometrics, 0 in most libraries.'),
  }),
  example: {},
  prepare: (setting) =>
    prepareDivided(setting, (values, dividing, out) => snv(values, { ...dividing, ddof: setting.config.ddof }, out), 2),
  init: () => ({}),
  step: stepDivided,
});
