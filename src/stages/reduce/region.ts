import { z } from 'zod';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { blankFrame, copyHeader } from '../../model/frame.ts';
import { axisLength, fastAxis, type Layout } from '../../model/layout.ts';

export default defineStage({
  kind: 'reduce.region',
  version: 1,
  summary: 'Keeps a part of the fast axis and drops the rest.',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: z.strictObject({
    from: z
      .number()
      .default(-Infinity)
      .describe('Start of the region, in the unit of the fast axis; left out, its start.'),
    to: z.number().default(Infinity).describe('End of the region, in the unit of the fast axis; left out, its end.'),
  }),
  example: {},
  prepare({ config, layout }) {
    const axis = fastAxis(layout);
    const [first, end] = channelRange(axis, [config.from, config.to]);
    const length = axisLength(axis);
    const kept = end - first;
    const rows = layout.size / length;
    const coordinates = axis.coordinates.slice(first, axis.placement === 'edge' ? end + 1 : end);
    const cropped: Layout = {
      ...layout,
      axes: [...layout.axes.slice(0, -1), { ...axis, coordinates }],
      size: rows * kept,
    };
    const output = blankFrame(cropped, true);
    return { first, kept, length, rows, output, variances: output.variances!, mask: new Uint8Array(cropped.size) };
  },
  init: () => ({}),
  step(_state, frame, emit, { first, kept, length, rows, output, variances, mask }) {
    copyHeader(output, frame);
    output.variances = frame.variances === undefined ? undefined : variances;
    output.mask = frame.mask === undefined ? undefined : mask;
    for (let row = 0, to = 0; row < rows; row++) {
      let from = row * length + first;
      for (const end = to + kept; to < end; to++, from++) {
        output.values[to] = frame.values[from]!;
        if (frame.variances !== undefined) variances[to] = frame.variances[from]!;
        if (frame.mask !== undefined) mask[to] = frame.mask[from]!;
      }
    }
    emit(output);
  },
});
