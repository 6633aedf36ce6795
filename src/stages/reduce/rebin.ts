import { z } from 'zod';
import { rebin } from '../../kernel/array/rebin.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader } from '../../model/frame.ts';
import { axisLength, fastAxis, type Axis, type Layout } from '../../model/layout.ts';

export default defineStage({
  kind: 'reduce.rebin',
  version: 1,
  summary: 'Adds neighbouring channels of the fast axis: fewer channels, more counts in each.',
  input: 'frame',
  outputs: ['frame'],
  noise: {
    accepts: ['poisson', 'scaledPoisson'],
    gives: 'same',
    advice: 'Counts can be added, corrected intensities are correlated: rebin before background and normalisation.',
  },
  config: z.strictObject({
    factor: z
      .number()
      .int()
      .min(1)
      .default(2)
      .describe('Channels added into one; larger is coarser and less noisy.')
      .meta({ unit: '1' }),
  }),
  example: { factor: 2 },
  prepare({ id, config: { factor }, layout }) {
    const axis = fastAxis(layout);
    const length = axisLength(axis);
    // One channel stays one channel: there is nothing to add it to.
    const step = Math.min(factor, length);
    const bins = Math.floor(length / step);
    const rows = layout.size / length;
    if (rows !== 1 && length % step !== 0)
      throw new MonitorError('STAGE', `factor ${factor} does not divide the ${length} channels of a row`, { id });
    const binned: Layout = {
      ...layout,
      axes: [...layout.axes.slice(0, -1), { ...axis, coordinates: coarser(axis, step, bins) }],
      size: rows * bins,
    };
    const output = blankFrame(binned, true);
    return { factor: step, output, variances: output.variances!, mask: new Uint8Array(binned.size) };
  },
  init: () => ({}),
  step(_state, frame, emit, { factor, output, variances, mask }) {
    copyHeader(output, frame);
    rebin(frame.values, { factor, mask: frame.mask }, output.values);
    output.variances = frame.variances && rebin(frame.variances, { factor, mask: frame.mask }, variances);
    output.mask = frame.mask && mask.fill(0);
    // A sum that lacks a channel is no longer comparable: the whole bin is masked.
    if (frame.mask !== undefined)
      for (let i = 0; i < mask.length * factor; i++) if (frame.mask[i] === 1) mask[Math.floor(i / factor)] = 1;
    emit(output);
  },
});

/** Edges: every step-th; centres: the mean of each group. */
function coarser({ coordinates, placement }: Axis, step: number, bins: number): Float64Array {
  if (placement === 'edge') return Float64Array.from({ length: bins + 1 }, (_, k) => coordinates[k * step]!);
  return rebin(coordinates, { factor: step }).map((sum) => sum / step);
}
