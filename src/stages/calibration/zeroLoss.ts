import { z } from 'zod';
import { zeroLossCentre, type ZeroLoss } from '../../kernel/calibration/zeroLoss.ts';
import { createZeroLossWork } from '../../kernel/calibration/zeroLossWork.ts';
import { channelRange } from '../../model/channelRange.ts';
import { axisQuantity, inUnitOf, type AxisQuantity } from '../../model/axisQuantity.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { copyHeader, makeFrame } from '../../model/frame.ts';
import {
  axisLength,
  channelCentre,
  channelCentres,
  fastAxis,
  meanChannelWidth,
  type Axis,
} from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';

export default defineStage({
  kind: 'calibration.zeroLoss',
  version: 1,
  summary:
    'Finds the zero-loss peak of each spectrum and moves the axis so that it lies at 0; the data stay as they are, nothing is resampled.',
  reference: 'Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011)',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: z.strictObject({
    search: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe(
        'Part of the axis where it is looked for, in its unit: a plasmon may be brighter; left out, all of it.',
      ),
    method: z
      .enum(['gaussian', 'centroid', 'parabola', 'logParabola', 'argmax'])
      .default('gaussian')
      .describe(
        'How its centre is found. At 100 meV per channel and 30 000 counts the fit is good to 1 meV, the others to 3 to 50.',
      ),
    halfWindow: z
      .number()
      .int()
      .min(2)
      .default(6)
      .describe('Channels to each side of the maximum that are fitted; about the full width of the peak.'),
    fwhm: axisQuantity
      .optional()
      .describe('Instead of halfWindow: full width of the peak, in the unit of the axis or with its own.'),
    position: z.number().default(0).describe('Where it belongs, in the unit of the axis.'),
  }),
  example: {},
  presets: {
    // A Schottky emitter's zero loss is 0.7 to 1 eV wide; a monochromated one is narrower and needs its own value.
    EELS: { fwhm: '1 eV', method: 'gaussian', position: 0 },
  },
  alternatives: [['halfWindow', 'fwhm']],
  prepare({ id, config, layout }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const axis = fastAxis(layout);
    const [first, end] = config.search === undefined ? [0, layout.size] : channelRange(axis, config.search);
    const output = makeFrame({ stream: '', seq: 0, timeUs: 0, exposureUs: 0, layout, values: new Float64Array(0) });
    const [lowest, highest] = [channelCentre(axis, 0), channelCentre(axis, layout.size - 1)];
    // A spectrum behind the zero loss has a highest channel, too: moved to 0, every energy in it would be wrong.
    const span = Math.max(highest - lowest, 1);
    if (config.position < lowest - span || config.position > highest + span)
      throw new MonitorError(
        'STAGE',
        `the axis covers ${lowest} to ${highest} ${axis.unit}, expected one with the zero loss, at ${config.position}`,
        { id },
      );
    const found: ZeroLoss = { centre: NaN, standardError: NaN, channel: -1, isFlat: false, problem: null };
    const work = createZeroLossWork(halfWindowOf(config, axis));
    return { id, ...config, x: channelCentres(axis), unit: axis.unit, first, end, output, found, work };
  },
  init: () => ({ shift: 0 }),
  step(state, frame, emit, { id, method, position, x, unit, first, end, output, found, work }) {
    const { values, mask } = frame;
    const variances = frame.layout.noise === 'poisson' ? undefined : frame.variances;
    zeroLossCentre(values, { method, x, first, end, variances, mask, work }, found);
    const isFound = found.problem === null && Number.isFinite(found.centre);
    // Where it cannot be seen, it is most likely where it was.
    if (isFound) state.shift = position - found.centre;
    const standardError = isFound && Number.isFinite(found.standardError) ? found.standardError : undefined;
    const quality = isFound ? 'valid' : 'invalid';
    emit(makeReading(frame, id, { name: 'shift', value: state.shift, standardError, unit, quality }));
    const isFlat = found.isFlat ? 1 : 0;
    emit(makeReading(frame, id, { name: 'flatTop', value: isFlat, standardError: undefined, unit: '1', quality }));
    copyHeader(output, frame);
    output.values = values;
    output.variances = frame.variances;
    output.mask = mask;
    output.axisShift = state.shift;
    emit(output);
  },
});

/** Channels to each side: as set, or the full width of the peak; 2 at least, to have a fit at all. */
function halfWindowOf(
  { halfWindow, fwhm }: { readonly halfWindow: number; readonly fwhm?: AxisQuantity | undefined },
  axis: Axis,
): number {
  const n = axisLength(axis);
  if (fwhm === undefined || n < 2) return halfWindow;
  return Math.max(2, Math.min(n, Math.round(inUnitOf(axis, fwhm, 'fwhm') / meanChannelWidth(axis))));
}
