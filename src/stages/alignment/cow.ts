import { z } from 'zod';
import { cow, createCowWorkspace } from '../../kernel/alignment/cow.ts';
import { cowPositions } from '../../kernel/alignment/cowPositions.ts';
import { defineStage } from '../../model/defineStage.ts';
import { createReferenceState, givenReference, referenceSettings } from './frozenReference.ts';
import { createWarpWork, stepWarp, warpSettings } from './warped.ts';

export default defineStage({
  kind: 'alignment.cow',
  version: 2,
  summary:
    'Stretches and shrinks parts of the axis until each correlates best with a frozen reference (COW). Assumes the same peaks in the same order; a peak that is new may be pulled onto one that is not.',
  reference:
    'Nielsen, Carstensen and Smedsgaard, J. Chromatogr. A 805 (1998) 17; Tomasi, van den Berg and Andersson, J. Chemom. 18 (2004) 231',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  assets: ['reference'],
  config: z
    .strictObject({
      segmentPoints: z
        .number()
        .int()
        .min(3)
        .default(51)
        .describe('Channels of a segment, both ends counted; some widths of a peak.'),
      slack: z
        .number()
        .int()
        .min(1)
        .max(127)
        .default(3)
        .describe('Channels a segment may grow or shrink; segments add up, and so does the time it takes.'),
      power: z
        .number()
        .positive()
        .default(1)
        .describe('Power of the correlation coefficients; above 1 rewards segments that match well.'),
      ...warpSettings,
      ...referenceSettings,
    })
    .refine(({ segmentPoints, slack }) => segmentPoints > slack + 2, {
      path: ['slack'],
      error: 'expected a slack below segmentPoints - 2: a segment must not shrink to nothing',
    }),
  example: { segmentPoints: 12, slack: 2 },
  prepare(setting) {
    const { id, config, layout, assets } = setting;
    const { segmentPoints, slack, power: correlationPower, learn, keep } = config;
    const given = givenReference(setting, assets['reference']);
    const create = (reference: Float64Array) =>
      createCowWorkspace(reference, { segmentPoints, slack, correlationPower });
    // Refuses at once what does not fit the axis.
    const { targetBoundaries } = create(given ?? new Float64Array(layout.size));
    return createWarpWork(
      {
        id,
        learn,
        keep,
        given,
        match: 'correlation',
        followsNoise: false,
        createAligner(reference) {
          const work = create(reference);
          return {
            align(values, positions) {
              const sum = cow(values, work);
              cowPositions(work, positions);
              return (Math.max(0, sum) / (targetBoundaries.length - 1)) ** (1 / correlationPower);
            },
          };
        },
      },
      layout,
    );
  },
  init: ({ x }) => createReferenceState(x.length),
  step: stepWarp,
});
