import { z } from 'zod';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { divideByWeightedSum, referencePeakWeights } from '../../kernel/normalisation/referencePeak.ts';
import { channelRange } from '../../model/channelRange.ts';
import { channelsMoved } from '../../model/channelsMoved.ts';
import { defineStage } from '../../model/defineStage.ts';
import { fastAxis } from '../../model/layout.ts';
import { prepareDivided, stepDivided } from './divided.ts';

export default defineStage({
  kind: 'normalisation.referencePeak',
  version: 2,
  summary:
    'Divides each spectrum by the net area of one peak. Assumes that what makes this peak does not change: an internal standard, the substrate, a solvent. The noise of its area goes into every channel, and is in the variances.',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    window: z.tuple([z.number(), z.number()]).describe('The peak, from foot to foot, in the unit of the fast axis.'),
    sides: z
      .number()
      .int()
      .min(0)
      .default(3)
      .describe(
        'Channels on either side whose mean is the straight background under the peak; 0: the whole area counts.',
      )
      .meta({ unit: 'channels' }),
  }),
  example: { window: [10, 30] },
  prepare(setting) {
    const { config, layout } = setting;
    const axis = fastAxis(layout);
    const [first, end] = channelRange(axis, config.window);
    const n = layout.size;
    if (first < config.sides || end + config.sides > n)
      throw new RangeError(
        `window ${config.window.join(' to ')} has ${first} and ${n - end} channels beside it, expected ${config.sides} on either side: narrow it, or set sides`,
      );
    const { sides } = config;
    const weights = referencePeakWeights({ first, end, sides }, new Float64Array(n));
    let moved = 0;
    const bridged = new Float64Array(n);
    const spread = new Float64Array(n);
    return prepareDivided(setting, (values, { variances, outVariances, divisor, mask, axisShift }, out) => {
      const by = channelsMoved(axis, first, axisShift);
      if (first + by < sides || end + by + sides > n) return 0;
      if (by !== moved) referencePeakWeights({ first: first + by, end: end + by, sides }, weights);
      moved = by;
      return divideByWeightedSum(
        bridgeMasked(values, mask, bridged),
        {
          weights,
          variances: variances === undefined ? undefined : bridgeMasked(variances, mask, spread),
          outVariances,
          divisor,
        },
        out,
      );
    });
  },
  init: () => ({}),
  step: stepDivided,
});
