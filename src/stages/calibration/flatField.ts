import { z } from 'zod';
import { createFlatField, divideByFlatField, type FlatField } from '../../kernel/calibration/flatField.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader, hasSignal } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';
import { addScaleError, ownVariances } from '../../model/scaleError.ts';
import { parseReferenceSpectrum } from '../../model/referenceSpectrum.ts';

export default defineStage({
  kind: 'calibration.flatField',
  version: 2,
  summary:
    'Divides each channel by its answer to even light, from a file or from the first frames, with the error of that answer in the variances; masks dead channels.',
  reference: 'Moy et al., J. Synchrotron Rad. 3 (1996) 1',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  config: z
    .strictObject({
      file: z
        .string()
        .optional()
        .describe("Answer to even light: text 'position value [standard deviation]', or a baseline file."),
      learn: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe(
          'Instead of a file: the stream begins with so many frames of even light; until then nothing is handed on.',
        ),
      least: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.05)
        .describe('A channel that answers less than this, of the usual one, is dead and is masked.')
        .meta({ unit: '1' }),
    })
    .refine(({ file, learn }) => (file === undefined) !== (learn === undefined), {
      message: "expected either 'file' or 'learn', and not both",
      path: ['file'],
    }),
  example: { learn: 5 },
  assets: ['file'],
  prepare({ id, config, layout, assets }) {
    const { file, learn = 0, least } = config;
    let flat: FlatField | null = null;
    if (file !== undefined) {
      const bytes = assets['file'];
      if (bytes === undefined) throw new MonitorError('STAGE', `needs the flat field ${file}, got no file`, { id });
      try {
        const { values, variances } = parseReferenceSpectrum(bytes, layout, 'the flat field');
        flat = createFlatField(values, variances, least);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new MonitorError('STAGE', error.message, { id, path: file }, { cause: error });
      }
    }
    const output = blankFrame({ ...layout, noise: 'gaussian' }, true);
    const length = layout.size;
    const room = { mask: new Uint8Array(length), counted: new Float64Array(length) };
    return { id, learn, least, flat, output, outVariances: output.variances!, ...room, length };
  },
  init: ({ length }) => ({ learned: 0, sum: new Float64Array(length), variances: new Float64Array(length) }),
  step(state, frame, emit, work) {
    const { id, learn, least, output, outVariances, mask, counted } = work;
    const variances = ownVariances(frame, counted);
    if (state.learned < learn) {
      const { values } = frame;
      // A channel that is masked in one frame of even light has no answer that compares with the others.
      const isLit = frame.mask === undefined && hasSignal(frame);
      if (isLit)
        for (let i = 0; i < values.length; i++) {
          state.sum[i]! += values[i]!;
          state.variances[i]! += variances?.[i] ?? 0;
        }
      if (isLit) state.learned++;
      const value = state.learned / learn;
      emit(makeReading(frame, id, { name: 'learning', value, standardError: undefined, unit: '1', quality: 'valid' }));
      return;
    }
    const flat = (work.flat ??= learnedFlat(id, state.sum, state.variances, least));
    copyHeader(output, frame);
    divideByFlatField(frame.values, { flat, variances, outVariances }, output.values);
    mask.set(flat.dead);
    if (frame.mask !== undefined) for (let i = 0; i < mask.length; i++) mask[i]! |= frame.mask[i]!;
    output.mask = mask;
    output.variances = variances === undefined ? undefined : outVariances;
    addScaleError(output);
    emit(output);
  },
});

function learnedFlat(id: string, sum: Float64Array, variances: Float64Array, least: number): FlatField {
  try {
    return createFlatField(sum, variances, least);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MonitorError('STAGE', error.message, { id }, { cause: error });
  }
}
