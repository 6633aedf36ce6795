import { z } from 'zod';
import { divideByArea } from '../../kernel/normalisation/area.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { fastAxis } from '../../model/layout.ts';
import { prepareDivided, stepDivided } from './divided.ts';

export default defineStage({
  kind: 'normalisation.area',
  version: 1,
  summary: 'Divides each spectrum by its own sum, with the correlation this makes between channels in the variances.',
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
  prepare(setting) {
    const { config, layout } = setting;
    const [first, end] = config.region === undefined ? [0, layout.size] : channelRange(fastAxis(layout), config.region);
    return prepareDivided(setting, (values, dividing, out) => divideByArea(values, { ...dividing, first, end }, out));
  },
  init: () => ({}),
  step: stepDivided,
});
