import { z } from 'zod';
import { divideByMonitor } from '../../kernel/normalisation/monitor.ts';
import { defineStage } from '../../model/defineStage.ts';
import { duration } from '../../model/duration.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader } from '../../model/frame.ts';
import { ownVariances } from '../../model/scaleError.ts';

export default defineStage({
  kind: 'normalisation.monitor',
  version: 2,
  summary:
    'Divides each spectrum by a beam monitor. Its error, which all channels share, is in the variances, and in the error of every sum and fit behind.',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    monitor: z.string().min(1).describe('Name of the slow signal to divide by.'),
    reference: z
      .number()
      .positive()
      .default(1)
      .describe('Reading of the monitor at which nothing changes, in its unit.'),
    relativeError: z
      .number()
      .min(0)
      .default(0)
      .describe('One standard deviation of a reading over the reading.')
      .meta({ unit: '1' }),
    staleAfter: duration.optional().describe('A reading older than this is an error; left out, any age will do.'),
  }),
  example: { monitor: 'I0' },
  prepare({ id, config, layout }) {
    const output = blankFrame({ ...layout, noise: 'gaussian' }, true);
    const noMask = new Uint8Array(layout.size).fill(1);
    return { id, ...config, output, outVariances: output.variances!, noMask, counted: new Float64Array(layout.size) };
  },
  init: () => ({}),
  step(_state, frame, emit, work) {
    const { id, monitor, reference, relativeError, staleAfter, output, outVariances, noMask, counted } = work;
    const reading = frame.context[monitor];
    const place = { id, stream: frame.stream, seq: frame.seq };
    if (reading === undefined)
      throw new MonitorError(
        'STAGE',
        `needs the slow signal '${monitor}', got ${Object.keys(frame.context).join(', ') || 'none'}`,
        place,
      );
    const ageUs = frame.contextAgeUs[monitor] ?? 0;
    if (staleAfter !== undefined && ageUs > staleAfter)
      throw new MonitorError(
        'STAGE',
        `the slow signal '${monitor}' is ${ageUs / 1e6} s old, expected at most ${staleAfter / 1e6} s`,
        place,
      );
    copyHeader(output, frame);
    output.mask = frame.mask;
    const variances = ownVariances(frame, counted);
    output.variances = variances === undefined ? undefined : outVariances;
    const factor = reading / reference;
    output.scaleError = Math.hypot(frame.scaleError, relativeError);
    if (factor > 0 && factor < Infinity)
      divideByMonitor(
        frame.values,
        { factor, relativeError: output.scaleError, variances, outVariances },
        output.values,
      );
    else {
      // No beam, no intensity to speak of: no channel of this frame may be used.
      output.values.fill(0);
      outVariances.fill(0);
      output.mask = noMask;
    }
    emit(output);
  },
});
