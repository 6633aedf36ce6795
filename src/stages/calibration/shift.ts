import { z } from 'zod';
import { fitGaussianLine } from '../../kernel/calibration/gaussianLine.ts';
import { rigidShift, type ShiftReference } from '../../kernel/calibration/rigidShift.ts';
import { createShiftReference } from '../../kernel/calibration/shiftReference.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { copyHeader, makeFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';

export default defineStage({
  kind: 'calibration.shift',
  version: 1,
  summary:
    'Measures the rigid drift of the axis, from a learned reference or a line of known position, and writes it beside the data.',
  reference: 'Huber, Ann. Math. Statist. 35 (1964) 73 (robust weights)',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: z.strictObject({
    learn: z
      .number()
      .int()
      .min(1)
      .default(10)
      .describe('Frames the reference is learned from; more make it surer, but drift blurs it.'),
    line: z
      .strictObject({
        position: z.number().describe('True position of a line, in the unit of the axis.'),
        window: z
          .number()
          .positive()
          .describe('Half width of the part of the axis to fit around it; holds the line and its drift.'),
      })
      .optional()
      .describe('Instead of a learned reference: one line of known position.'),
    region: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('Part of the axis to align, in its unit; left out, all of it.'),
    clip: z
      .number()
      .positive()
      .default(4)
      .describe(
        'Channels further off than this many standard deviations do not count: a new peak cannot pull the fit.',
      ),
    offset: z.boolean().default(false).describe('Fit a constant offset too.'),
  }),
  example: {},
  prepare({ id, config, layout }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const axis = fastAxis(layout);
    const x = channelCentres(axis);
    const { line } = config;
    const region =
      line === undefined ? config.region : ([line.position - line.window, line.position + line.window] as const);
    const [first, end] = region === undefined ? [0, layout.size] : channelRange(axis, region);
    const output = makeFrame({ stream: '', seq: 0, timeUs: 0, exposureUs: 0, layout, values: new Float64Array(0) });
    const noVariances =
      layout.noise === 'poisson' ? null : layout.noise === 'unknown' ? new Float64Array(x.length).fill(1) : undefined;
    return {
      id,
      ...config,
      x,
      unit: axis.unit,
      first,
      end,
      output,
      noVariances,
      reference: null as ShiftReference | null,
    };
  },
  init: ({ x }) => ({
    learnedCount: 0,
    exposureUs: 0,
    shift: 0,
    values: new Float64Array(x.length),
    variances: new Float64Array(x.length),
    mask: new Uint8Array(x.length),
  }),
  step(state, frame, emit, work) {
    const { id, learn, line, x, unit, first, end, clip, offset, output, noVariances } = work;
    const { stream, seq, timeUs, mask } = frame;
    const reading = { type: 'reading', stream, seq, timeUs, stage: id } as const;
    const { values } = frame;
    if (line !== undefined) {
      const variances = frame.layout.noise === 'poisson' ? undefined : frame.variances;
      const fit = fitGaussianLine(values, { x, first, end, mask, variances });
      if (fit.converged) state.shift = line.position - fit.centre;
      emit({
        ...reading,
        name: 'shift',
        value: state.shift,
        standardError: fit.standardError,
        unit,
        quality: fit.converged ? 'valid' : 'invalid',
      });
    } else if (state.learnedCount < learn) {
      for (let i = 0; i < values.length; i++) {
        state.values[i]! += values[i]! / learn;
        state.variances[i]! += (frame.variances === undefined ? 1 : frame.variances[i]!) / learn;
        if (mask !== undefined && mask[i] === 1) state.mask[i] = 1;
      }
      state.exposureUs += frame.exposureUs / learn;
      state.learnedCount++;
    } else {
      work.reference ??= createShiftReference(
        x,
        state.values,
        noVariances === undefined ? state.variances : noVariances,
        state.mask,
      );
      const { reference } = work;
      const scaled = frame.layout.noise === 'unknown';
      const fit = rigidShift(values, { reference, first, end, mask, start: state.shift, clip, offset, scaled });
      if (fit.converged) state.shift = fit.shift;
      const quality = fit.converged ? 'valid' : 'invalid';
      // The reference carries its own share of the noise.
      const both = Math.sqrt(1 + 1 / learn);
      emit({
        ...reading,
        name: 'shift',
        value: state.shift,
        standardError: finite(fit.standardError * both),
        unit,
        quality,
      });
      const relative = frame.exposureUs > 0 ? state.exposureUs / frame.exposureUs : 1;
      const gain = fit.converged ? fit.gain * relative : 0;
      emit({
        ...reading,
        name: 'gain',
        value: gain,
        standardError: finite(fit.gainError * both * relative),
        unit: '1',
        quality,
      });
    }
    copyHeader(output, frame);
    output.values = values;
    output.variances = frame.variances;
    output.mask = mask;
    output.axisShift = state.shift;
    emit(output);
  },
});

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
