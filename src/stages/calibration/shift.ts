import { z } from 'zod';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { fitGaussianLine } from '../../kernel/calibration/gaussianLine.ts';
import { createLearnedSpectrum, learnSpectrum } from '../../kernel/calibration/learnSpectrum.ts';
import { rigidShift } from '../../kernel/calibration/rigidShift.ts';
import { createShiftReading, type ShiftReading } from '../../kernel/calibration/shiftReading.ts';
import { createShiftReference } from '../../kernel/calibration/shiftReference.ts';
import { channelRange } from '../../model/channelRange.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { copyHeader, hasSignal, makeFrame, type Frame, type MutableFrame } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';

export default defineStage({
  kind: 'calibration.shift',
  version: 2,
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
    const bridged = new Float64Array(layout.size);
    const output = makeFrame({ stream: '', seq: 0, timeUs: 0, exposureUs: 0, layout, values: bridged });
    return { id, ...config, x, unit: axis.unit, first, end, output, bridged, reading: null as ShiftReading | null };
  },
  init: ({ x }) => ({ ...createLearnedSpectrum(x.length), shift: 0, gain: 1, readAt: 0 }),
  step(state, frame, emit, work) {
    const { id, learn, line, x, unit, first, end, clip, offset, output, bridged } = work;
    const { mask, exposureUs } = frame;
    const values = mask === undefined ? frame.values : bridgeMasked(frame.values, mask, bridged);
    const { noise } = frame.layout;
    const variances = noise === 'poisson' || noise === 'unknown' ? undefined : frame.variances;
    if (line !== undefined) {
      const fit = fitGaussianLine(values, { x, first, end, mask, variances });
      if (fit.converged) state.shift = line.position - fit.centre;
      const quality = fit.converged ? 'valid' : 'invalid';
      const standardError = finite(fit.standardError);
      emit(makeReading(frame, id, { name: 'shift', value: state.shift, standardError, unit, quality }));
    } else if (state.learnedCount < learn) {
      if (hasSignal(frame)) learnSpectrum(state, values, { learn, exposureUs, variances, mask });
    } else {
      work.reading ??= createShiftReading(
        createShiftReference(x, state.values, noise === 'poisson' ? null : state.variances, state.mask),
        state.readAt,
        first,
        end,
      );
      const { reading } = work;
      const scaled = noise !== 'poisson' && variances === undefined;
      const fit = rigidShift(values, { reading, mask, start: state.shift, clip, offset, scaled });
      state.readAt = reading.at;
      const relative = exposureUs > 0 ? state.exposureUs / exposureUs : 1;
      if (fit.converged) {
        state.shift = fit.shift;
        state.gain = fit.gain * relative;
      }
      const quality = fit.converged ? 'valid' : 'invalid';
      // The reference carries its own share of the noise.
      const both = Math.sqrt(1 + 1 / learn);
      const [ofShift, ofGain] = [finite(fit.standardError * both), finite(fit.gainError * both * relative)];
      emit(makeReading(frame, id, { name: 'shift', value: state.shift, standardError: ofShift, unit, quality }));
      emit(makeReading(frame, id, { name: 'gain', value: state.gain, standardError: ofGain, unit: '1', quality }));
    }
    passOn(output, frame, state.shift);
    emit(output);
  },
});

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** The data as they came, with their shift beside them. */
function passOn(output: MutableFrame, frame: Frame, shift: number): void {
  copyHeader(output, frame);
  output.values = frame.values;
  output.variances = frame.variances;
  output.mask = frame.mask;
  output.axisShift = shift;
}
