import { z } from 'zod';
import { deadTimeFactor, type DeadTimeFactor } from '../../kernel/calibration/deadTime.ts';
import { defineStage } from '../../model/defineStage.ts';
import { blankFrame, copyHeader, type Frame } from '../../model/frame.ts';
import { makeReading } from '../../model/makeReading.ts';

export default defineStage({
  kind: 'calibration.deadTime',
  version: 1,
  summary:
    'Gives back the counts that were lost while the detector was busy; takes the exposure for real time, not for live time.',
  reference:
    'Knoll, Radiation Detection and Measurement, 4th ed. (2010), section 4.VII; Mueller, Nucl. Instrum. Methods 112 (1973) 47',
  input: 'frame',
  outputs: ['frame', 'reading'],
  noise: {
    accepts: ['poisson'],
    gives: 'gaussian',
    advice: 'put it first: what counts are lost depends on the counts as they came',
  },
  config: z.strictObject({
    deadTimeUs: z.number().positive().describe('Dead time after each pulse.').meta({ unit: 'us' }),
    model: z
      .enum(['nonParalysable', 'paralysable'])
      .default('nonParalysable')
      .describe("Whether a pulse during the dead time is merely lost, or also prolongs it: 'paralysable'."),
    per: z
      .enum(['spectrum', 'channel'])
      .default('spectrum')
      .describe('What is busy: one detector for the whole spectrum, or each channel (pixel, strip) for itself.'),
  }),
  example: { deadTimeUs: 1 },
  prepare({ id, config, layout }) {
    const output = blankFrame({ ...layout, noise: 'gaussian' }, true);
    const found: DeadTimeFactor = { factor: 1, variance: 1, isBeyond: false };
    return { id, ...config, output, outVariances: output.variances!, mask: new Uint8Array(layout.size), found };
  },
  init: () => ({}),
  step(_state, frame, emit, work) {
    const { id, per, output, outVariances, mask } = work;
    const { values, exposureUs } = frame;
    copyHeader(output, frame);
    if (frame.mask === undefined) mask.fill(0);
    else mask.set(frame.mask);
    output.mask = mask;
    let counted = 0;
    for (let i = 0; i < values.length; i++) if (mask[i] === 0) counted += values[i]!;
    const isKnown = exposureUs > 0;
    const whole = isKnown && per === 'spectrum' ? factorOf(counted, frame, work) : null;
    let kept = 0;
    let given = 0;
    for (let i = 0; i < values.length; i++) {
      const each = whole ?? (isKnown && mask[i] === 0 ? factorOf(values[i]!, frame, work) : null);
      // Beyond the highest rate a detector can count, or without a time, no count stands for anything.
      if (each === null || each.isBeyond) mask[i] = 1;
      const value = each === null ? 0 : values[i]! * each.factor;
      output.values[i] = value;
      // Of one detector for all, the dead time is in the factor, and a channel is a random share of the pulses.
      outVariances[i] = each === null ? 0 : values[i]! * (whole === null ? each.variance : each.factor ** 2);
      if (mask[i] === 1) continue;
      kept += values[i]!;
      given += value;
    }
    const lost = given > 0 ? 1 - kept / given : 0;
    const quality = mask.includes(0) ? 'valid' : 'invalid';
    emit(makeReading(frame, id, { name: 'lost', value: lost, standardError: undefined, unit: '1', quality }));
    emit(output);
  },
});

function factorOf(
  counts: number,
  { exposureUs }: Frame,
  { deadTimeUs, model, found }: { deadTimeUs: number; model: 'nonParalysable' | 'paralysable'; found: DeadTimeFactor },
): DeadTimeFactor {
  return deadTimeFactor((Math.max(counts, 0) / exposureUs) * 1e6, deadTimeUs * 1e-6, model, found);
}
