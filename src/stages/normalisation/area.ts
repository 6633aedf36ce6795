import { z } from 'zod';
import { divideByArea } from '../../kernel/normalisation/area.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader } from '../../model/frame.ts';
import { fastAxis } from '../../model/layout.ts';

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
  prepare({ id, config, layout }) {
    const axis = fastAxis(layout);
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const [first, end] = config.region === undefined ? [0, layout.size] : channelRange(axis, config.region);
    const output = blankFrame({ ...layout, quantity: 'intensity', unit: '1', noise: 'gaussian' }, true);
    return { first, end, output, outVariances: output.variances!, noMask: new Uint8Array(layout.size).fill(1) };
  },
  init: () => ({}),
  step(_state, frame, emit, { first, end, output, outVariances, noMask }) {
    const variances = frame.variances ?? (frame.layout.noise === 'poisson' ? frame.values : undefined);
    copyHeader(output, frame);
    const area = divideByArea(frame.values, { variances, mask: frame.mask, first, end, outVariances }, output.values);
    output.variances = variances === undefined ? undefined : outVariances;
    output.mask = frame.mask;
    if (area === 0) {
      // Nothing to divide by: no channel of this frame may be used.
      output.values.fill(0);
      outVariances.fill(0);
      output.mask = noMask;
    }
    emit(output);
  },
});
