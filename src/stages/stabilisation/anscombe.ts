import { z } from 'zod';
import { anscombe } from '../../kernel/normalisation/anscombe.ts';
import { createAnscombeInverse, inverseAnscombe } from '../../kernel/normalisation/anscombeInverse.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader } from '../../model/frame.ts';

/** What the numbers are between the two directions. */
const STABILISED = 'stabilised counts';

export default defineStage({
  kind: 'stabilisation.anscombe',
  version: 1,
  summary:
    'Evens out the noise of counts by the Anscombe root, generalised for gain and read noise, or turns that back without bias. Assumes Poisson counts behind the gain; from 3 counts on the variance is 1 within 3 %, below it is less.',
  reference:
    'Anscombe, Biometrika 35 (1948) 246; Makitalo and Foi, IEEE Trans. Image Process. 20 (2011) 99 and 22 (2013) 91',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z.strictObject({
    direction: z
      .enum(['forward', 'inverse'])
      .default('forward')
      .describe("'forward': counts to numbers of variance 1; 'inverse': means of such numbers to mean counts."),
    gain: z
      .number()
      .positive()
      .optional()
      .describe('Numbers per electron or photon. Raw counts need none; for anything else it must be known.')
      .meta({ unit: '1' }),
    offset: z.number().default(0).describe('Number read without any light.').meta({ unit: '1' }),
    readNoise: z
      .number()
      .min(0)
      .default(0)
      .describe('One standard deviation of what is read without light, in the unit of the values.')
      .meta({ unit: '1' }),
  }),
  example: { gain: 1 },
  prepare({ id, config, layout }) {
    const { direction, gain = 1, offset, readNoise } = config;
    const isForward = direction === 'forward';
    const refuse = (sentence: string): MonitorError => new MonitorError('STAGE', sentence, { id });
    if (isForward && layout.noise !== 'poisson' && config.gain === undefined)
      throw refuse(`needs the gain of ${layout.noise} data, got none`);
    if (isForward && layout.noise === 'poisson' && (gain !== 1 || offset !== 0 || readNoise !== 0))
      throw refuse(
        'takes raw counts as they are, got gain, offset or read noise: declare the noise of the stream unknown',
      );
    if (!isForward && layout.quantity !== STABILISED)
      throw refuse(`turns ${STABILISED} back, got ${layout.quantity}: put it behind the forward direction`);
    const quantity = isForward ? STABILISED : 'counts';
    const output = blankFrame({ ...layout, quantity, unit: '1', noise: 'gaussian' }, true);
    return {
      readout: { gain, offset, readNoise },
      inverse: isForward ? null : createAnscombeInverse(),
      output,
      outVariances: output.variances!,
    };
  },
  init: () => ({}),
  step(_state, frame, emit, { readout, inverse, output, outVariances }) {
    const { values, variances, mask } = frame;
    copyHeader(output, frame);
    output.scaleError = 0;
    output.mask = mask;
    if (inverse === null) {
      anscombe(values, readout, output.values);
      outVariances.fill(1);
    } else {
      inverseAnscombe(values, { ...readout, inverse, variances, outVariances }, output.values);
      output.variances = variances === undefined ? undefined : outVariances;
    }
    emit(output);
  },
});
