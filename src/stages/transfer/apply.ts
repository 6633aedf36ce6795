import { z } from 'zod';
import { bridgeMasked } from '../../kernel/array/bridgeMasked.ts';
import { bandedShares } from '../../kernel/transfer/bandedMap.ts';
import { applyTransfer } from '../../kernel/transfer/transferMap.ts';
import { defineStage } from '../../model/defineStage.ts';
import { MonitorError } from '../../model/error.ts';
import { blankFrame, copyHeader, FrameFlag, hasUsableChannel } from '../../model/frame.ts';
import { fastAxis, meanChannelWidth, spectrumLayout } from '../../model/layout.ts';
import { addScaleError, ownVariances } from '../../model/scaleError.ts';
import { parseTransfer, transferOn } from '../../model/transferFile.ts';
import { hangingWindows, maskTouched } from './transferMask.ts';

export default defineStage({
  kind: 'transfer.apply',
  version: 2,
  summary:
    'Carries spectra over to what another instrument would have measured, by a map learned from standards (operando transfer). Assumes the sample is a mixture of what the standards span; beyond that it invents.',
  reference: 'Wang, Veltkamp and Kowalski, Anal. Chem. 63 (1991) 2750; Sun, Feng and Saenko, Proc. AAAI 30 (2016) 2058',
  input: 'frame',
  outputs: ['frame'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'gaussian' },
  assets: ['file'],
  config: z.strictObject({
    file: z.string().min(1).describe('Transfer file, from operando transfer --out.'),
    band: z
      .enum(['statistical', 'both'])
      .default('statistical')
      .describe(
        "What the variances of the frames hold. 'both' adds the square of the error of the transfer itself, which all frames share: for a comparison with the other instrument, not for finding changes.",
      ),
  }),
  example: { file: 'channel-transfer.json' },
  prepare({ id, config, layout, assets }) {
    if (layout.axes.length !== 1)
      throw new MonitorError('STAGE', `takes one spectrum per frame, got ${layout.axes.length} axes`, { id });
    const bytes = assets['file'];
    if (bytes === undefined) throw new MonitorError('STAGE', `has no contents of the file ${config.file}`, { id });
    const transfer = transferOn(parseTransfer(bytes), layout);
    if (config.band === 'both' && transfer.error === null)
      throw new MonitorError(
        'STAGE',
        `${config.file} does not know its error: learn it from three standards at least`,
        { id },
      );
    const { name, unit, centres: coordinates } = transfer.master;
    const { quantity, unit: ofValues } = layout;
    const target = spectrumLayout({ name, unit, coordinates }, { quantity, unit: ofValues, noise: 'gaussian' });
    const output = blankFrame(target, true);
    return {
      transfer,
      // A drift goes over as channels do, from the unit of one axis to that of the other.
      perShift: meanChannelWidth(fastAxis(target)) / meanChannelWidth(fastAxis(layout)),
      systematic: config.band === 'both' ? transfer.error : null,
      hanging: hangingWindows(transfer),
      shares: transfer.map.kind === 'banded' ? bandedShares(transfer.map) : undefined,
      scaled: new Float64Array(layout.size),
      scratch: new Float64Array(layout.size),
      counted: new Float64Array(layout.size),
      spread: new Float64Array(layout.size),
      output,
      outVariances: output.variances!,
      outMask: new Uint8Array(target.size),
    };
  },
  init: () => ({}),
  step(_state, frame, emit, work) {
    const {
      transfer,
      perShift,
      shares,
      systematic,
      hanging,
      scaled,
      scratch,
      counted,
      spread,
      output,
      outVariances,
      outMask,
    } = work;
    const { mask } = frame;
    const perSecond = transfer.per === 'second' ? frame.exposureUs * 1e-6 : 1;
    copyHeader(output, frame);
    output.axisShift *= perShift;
    // A map of the whole spectrum has few numbers behind many channels: they err together.
    if (transfer.map.kind === 'lowRank') output.flags |= FrameFlag.correlated;
    const known = ownVariances(frame, counted);
    const variances = known === undefined ? undefined : bridgeMasked(known, mask, spread);
    output.variances = variances === undefined ? undefined : outVariances;
    outMask.set(hanging);
    if (mask !== undefined) maskTouched(transfer, mask, outMask);
    if (perSecond > 0 && hasUsableChannel(frame)) {
      bridgeMasked(frame.values, mask, scaled);
      for (let i = 0; i < scaled.length; i++) scaled[i] = scaled[i]! / perSecond;
      applyTransfer(scaled, transfer.map, { variances, outVariances, shares }, scratch, output.values);
      for (let j = 0; j < output.values.length; j++) {
        output.values[j] = output.values[j]! * perSecond;
        if (systematic !== null) outVariances[j] = outVariances[j]! + (systematic[j]! * perSecond) ** 2;
      }
    } else outMask.fill(1);
    addScaleError(output);
    for (let j = 0; j < outMask.length; j++)
      if (outMask[j] === 1) {
        output.values[j] = 0;
        outVariances[j] = 0;
      }
    output.mask = outMask.includes(1) ? outMask : undefined;
    emit(output);
  },
});
