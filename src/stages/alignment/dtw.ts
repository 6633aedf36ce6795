import { z } from 'zod';
import { dtw } from '../../kernel/alignment/dtw.ts';
import { dtwPositions } from '../../kernel/alignment/dtwPath.ts';
import { createDtwWorkspace } from '../../kernel/alignment/dtwWorkspace.ts';
import { smoothPositions } from '../../kernel/alignment/smoothPositions.ts';
import { snv } from '../../kernel/normalisation/snv.ts';
import { defineStage } from '../../model/defineStage.ts';
import { createReferenceState, givenReference, referenceSettings } from './frozenReference.ts';
import { createWarpWork, stepWarp, warpSettings } from './warped.ts';

export default defineStage({
  kind: 'alignment.dtw',
  version: 2,
  summary:
    'Matches every channel with one of a frozen reference, in order (dynamic time warping in a band). Follows any smooth drift; of noisy flat parts it follows the noise, unless `smooth` is wide; sums behind it have no error.',
  reference: 'Sakoe and Chiba, IEEE Trans. Acoust. Speech Signal Process. 26 (1978) 43',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  assets: ['reference'],
  config: z.strictObject({
    band: z
      .number()
      .int()
      .min(1)
      .default(20)
      .describe('Channels a feature may have moved, at most; wider lets peaks be taken for their neighbours.'),
    on: z
      .enum(['normalised', 'derivative', 'values'])
      .default('normalised')
      .describe(
        "What is matched. 'normalised': less its mean, over its standard deviation; 'derivative': the slope of that, blind to a baseline but noisier; 'values': as it comes, where differences of intensity bend the path.",
      ),
    steps: z
      .enum(['symmetric1', 'symmetric2', 'asymmetric'])
      .default('symmetric2')
      .describe("Step pattern; 'symmetric2' weighs all paths alike, 'symmetric1' prefers the diagonal."),
    smooth: z
      .number()
      .int()
      .min(1)
      .default(15)
      .refine((value) => value % 2 === 1, 'expected an odd number of channels')
      .describe('Channels of the running mean over the path; 1 leaves its steps as they are.')
      .meta({ unit: 'channels' }),
    ...warpSettings,
    ...referenceSettings,
  }),
  example: {},
  prepare(setting) {
    const { id, config, layout, assets } = setting;
    const { band, on, steps: stepPattern, smooth, learn, keep } = config;
    const n = layout.size;
    if (n < 2) throw new RangeError(`an axis of ${n} channel, expected 2 at least`);
    const room = (): Float64Array => new Float64Array(n);
    return createWarpWork(
      {
        id,
        learn,
        keep,
        given: givenReference(setting, assets['reference']),
        match: 'distance',
        followsNoise: true,
        createAligner(reference) {
          const path = createDtwWorkspace(n, n, band);
          const target = compared(reference, on, room());
          const query = room();
          const rough = room();
          return {
            align(values, positions) {
              const { distance } = dtw(compared(values, on, query), target, path, { stepPattern });
              smoothPositions(dtwPositions(path, rough), smooth, positions);
              return distance / n;
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

/** What of a spectrum is matched. */
function compared(values: Float64Array, on: 'normalised' | 'derivative' | 'values', out: Float64Array): Float64Array {
  const last = values.length - 1;
  if (on === 'values') out.set(values);
  else snv(values, {}, out);
  if (on !== 'derivative') return out;
  // In place: each slope needs the channel before as it was.
  let before = out[0]!;
  for (let i = 0; i <= last; i++) {
    const here = out[i]!;
    out[i] = (out[Math.min(i + 1, last)]! - before) / (i === 0 || i === last ? 1 : 2);
    before = here;
  }
  return out;
}
