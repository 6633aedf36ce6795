import { z } from 'zod';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { backgroundVariances } from '../../kernel/background/backgroundVariances.ts';
import { subtractBackground } from '../../kernel/background/subtractBackground.ts';
import { snip } from '../../kernel/background/snip.ts';
import { createNoiseWorkspace, noiseEstimate, type NoiseWorkspace } from '../../kernel/change/noiseEstimate.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader } from '../../model/frame.ts';
import { axisLength, fastAxis } from '../../model/layout.ts';

/** Variance of a SNIP background over that of a channel, times sqrt(2 halfWidth + 1): 0.58 to 0.73 on flat Poisson data, half widths 6 to 48. */
const BACKGROUND_VARIANCE = 0.65;
/** Full widths at half maximum that the clipping must reach over so that a peak does not lift its own background. */
const WIDTHS_PER_PEAK = 2;
/** Channels over which the noise of data without variances is taken to be the same. */
const NOISE_BLOCK = 64;

export default defineStage({
  kind: 'background.snip',
  version: 1,
  summary:
    'Subtracts the smooth background under peaks by iterative peak clipping (SNIP); without variances these come from the roughness of the data.',
  reference: 'Ryan et al., Nucl. Instrum. Methods Phys. Res. B 34 (1988) 396',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    halfWidth: z
      .number()
      .int()
      .min(1)
      .default(24)
      .describe('Largest clipping distance in channels; larger gives a lower, smoother background.'),
    fwhm: z
      .number()
      .positive()
      .optional()
      .describe('Instead of halfWidth: full width of the widest peak, in the unit of the axis; clips over twice that.'),
    order: z.enum(['decreasing', 'increasing']).default('decreasing').describe("'decreasing' is smoother."),
    lls: z
      .boolean()
      .default(true)
      .describe('Clip transformed counts, for peaks of very different heights; values below 0 count as 0.'),
    output: z.enum(['subtracted', 'background']).default('subtracted').describe('What to hand on.'),
  }),
  example: {},
  prepare({ id, config, layout }) {
    const axis = fastAxis(layout);
    const length = axisLength(axis);
    if (length !== layout.size)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const x = axis.coordinates;
    const channelWidth = x.length > 1 ? (x[x.length - 1]! - x[0]!) / (x.length - 1) : 1;
    const halfWidth =
      config.fwhm === undefined
        ? config.halfWidth
        : Math.max(1, Math.round((WIDTHS_PER_PEAK * config.fwhm) / channelWidth));
    const output = blankFrame({ ...layout, noise: 'gaussian' }, true);
    return {
      options: { halfWidth, order: config.order, lls: config.lls },
      subtracts: config.output === 'subtracted',
      share: Math.min(1, BACKGROUND_VARIANCE / Math.sqrt(2 * halfWidth + 1)),
      bridged: new Float64Array(length),
      background: new Float64Array(length),
      own: new Float64Array(length),
      roughness: createNoiseWorkspace(length, NOISE_BLOCK),
      output,
      outVariances: output.variances!,
    };
  },
  init: () => ({}),
  step(_state, frame, emit, work) {
    const { options, subtracts, share, bridged, background, output, outVariances } = work;
    const { mask } = frame;
    const values = mask === undefined ? frame.values : bridgeMasked(frame.values, mask, bridged);
    snip(values, options, background);
    copyHeader(output, frame);
    output.mask = mask;
    const variances = frame.layout.noise === 'poisson' ? null : (frame.variances ?? squared(values, work));
    backgroundVariances(values, { background, variances, share }, outVariances);
    if (subtracts) subtractBackground(values, { background, variances, outVariances }, output.values);
    else output.values.set(background);
    if (mask !== undefined) for (let i = 0; i < mask.length; i++) if (mask[i] === 1) output.values[i] = 0;
    emit(output);
  },
});

/** Variances from the scatter between neighbouring channels. */
function squared(values: Float64Array, { roughness, own }: { roughness: NoiseWorkspace; own: Float64Array }) {
  noiseEstimate(values, roughness, own);
  for (let i = 0; i < own.length; i++) own[i] = own[i]! * own[i]!;
  return own;
}
