import { z } from 'zod';
import { divideByMaximum } from '../../kernel/normalisation/maximum.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { fastAxis } from '../../model/layout.ts';
import { prepareDivided, stepDivided } from './divided.ts';

export default defineStage({
  kind: 'normalisation.maximum',
  version: 1,
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
  prepare(setting) {
    const { config, layout } = setting;
    const [first, end] = config.region === undefined ? [0, layout.size] : channelRange(fastAxis(layout), config.region);
    return prepareDivided(setting, (values, dividing, out) =>
      divideByMaximum(values, { ...dividing, first, end }, out),
    );
  },
  init: () => ({}),
  step: stepDivided,
});
