import { z } from 'zod';
import { emsc } from '../../kernel/normalisation/emsc.ts';
import { createEmscModel } from '../../kernel/normalisation/emscModel.ts';
import { createEmscWorkspace, type EmscWorkspace } from '../../kernel/normalisation/emscWorkspace.ts';
import { defineStage } from '../../model/defineStage.ts';
import { blankFrame, copyHeader, hasUsableChannel } from '../../model/frame.ts';
import { channelCentres, fastAxis } from '../../model/layout.ts';
import { ownVariances } from '../../model/scaleError.ts';
import { makeReading } from '../../model/makeReading.ts';
import { learningReading } from '../../model/operatorAct.ts';
import { parseReferenceSpectrum } from '../../model/referenceSpectrum.ts';
import {
  addToReference,
  createReferenceState,
  frozenReference,
  givenReference,
  referenceSettings,
} from '../alignment/frozenReference.ts';

export default defineStage({
  kind: 'normalisation.emsc',
  version: 2,
  summary:
    'Fits each spectrum by a frozen reference, a polynomial baseline and known interferents, and brings scale and baseline to those of the reference (EMSC; order 0 is MSC). Assumes that the chemistry that changes is small beside the reference.',
  reference: 'Martens and Stark, J. Pharm. Biomed. Anal. 9 (1991) 625; Kohler et al., Appl. Spectrosc. 59 (2005) 707',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  assets: ['reference', 'interferent'],
  config: z.strictObject({
    order: z
      .number()
      .int()
      .min(0)
      .max(8)
      .default(2)
      .describe('Degree of the polynomial baseline; a high one takes broad peaks for baseline.'),
    interferent: z
      .string()
      .optional()
      .describe('File with the spectrum of what may lie on top, as water vapour: `position value` per line.'),
    ...referenceSettings,
  }),
  example: {},
  // Fluorescence under Raman bands bends more than a parabola does.
  presets: { Raman: { order: 4 } },
  prepare(setting) {
    const { id, config, layout, assets } = setting;
    const given = givenReference(setting, assets['reference']);
    const bytes = assets['interferent'];
    const interferents = bytes === undefined ? [] : [parseReferenceSpectrum(bytes, layout, 'interferent').values];
    const axis = channelCentres(fastAxis(layout));
    const create = (reference: Float64Array) =>
      createEmscWorkspace(createEmscModel({ axis, reference, order: config.order, interferents }));
    const output = blankFrame({ ...layout, noise: 'gaussian' }, true);
    return {
      id,
      learn: config.learn,
      given,
      create,
      fit: given === null ? (null as EmscWorkspace | null) : create(given),
      output,
      outVariances: output.variances!,
      counted: new Float64Array(layout.size),
      nothing: new Uint8Array(layout.size).fill(1),
    };
  },
  init: ({ nothing }) => createReferenceState(nothing.length),
  step(state, frame, emit, work) {
    const { id, learn, given, output, outVariances, counted, nothing } = work;
    if (given === null && state.learnedCount < learn) {
      emit(learningReading(frame, id, addToReference(state, frame, learn)));
      return;
    }
    const { mask } = frame;
    work.fit ??= work.create(frozenReference(given, state));
    const variances = ownVariances(frame, counted);
    copyHeader(output, frame);
    output.scaleError = 0;
    output.variances = variances === undefined ? undefined : outVariances;
    output.mask = mask;
    const isUsable = hasUsableChannel(frame);
    const scale = isUsable ? emsc(frame.values, work.fit, { mask, variances, outVariances }, output.values) : 0;
    // Nothing of the reference in it, or upside down: no channel of this frame may be used.
    const isValid = scale > 0;
    if (isUsable) {
      const quality = isValid ? 'valid' : 'invalid';
      emit(makeReading(frame, id, { name: 'scale', value: scale, unit: '1', quality }));
    }
    if (!isValid) output.mask = nothing;
    for (let i = 0; i < nothing.length; i++)
      if (output.mask?.[i] === 1) {
        output.values[i] = 0;
        outVariances[i] = 0;
      }
    emit(output);
  },
});
