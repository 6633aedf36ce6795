import { z } from 'zod';
import { median } from '../../kernel/array/median.ts';
import { signalTotal, type SignalTotal } from '../../kernel/quality/signalTotal.ts';
import { channelRange } from '../../model/channelRange.ts';
import { channelsMoved } from '../../model/channelsMoved.ts';
import { defineStage } from '../../model/defineStage.ts';
import { FrameFlag, type Frame } from '../../model/frame.ts';
import { axisLength, fastAxis } from '../../model/layout.ts';
import { makeReading } from '../../model/makeReading.ts';
import { takeChannels } from './takeChannels.ts';

/** Frames after which a channel's old level is mostly forgotten. */
const MEMORY = 8;

export default defineStage({
  kind: 'quantification.intensity',
  version: 2,
  summary:
    'Sums the spectrum, or a region, per exposure; and says how it stands to the frames just before, whatever drifts slowly.',
  input: 'frame',
  outputs: ['reading'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  config: z.strictObject({
    region: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe('Part of the fast axis that is summed, in its unit; left out, all of it.'),
    previous: z
      .number()
      .int()
      .min(1)
      .default(8)
      .describe(
        'Frames whose median the reading `relative` compares with: 0 is as before, -0.2 a fifth less. What takes much longer is no change to it.',
      ),
  }),
  example: {},
  prepare({ id, config, layout }) {
    const axis = fastAxis(layout);
    const length = axisLength(axis);
    const [first, end] = config.region === undefined ? [0, length] : channelRange(axis, config.region);
    const outside = new Uint8Array(layout.size).fill(1);
    for (let row = 0; row < layout.size; row += length) outside.fill(0, row + first, row + end);
    const inside = (layout.size / length) * (end - first);
    const signal: SignalTotal = { total: 0, counts: null, share: 0, usable: 0, isConstant: false };
    const scratch = new Float64Array(config.previous);
    return {
      id,
      axis,
      length,
      first,
      moved: new Float64Array(layout.size),
      outside,
      inside,
      signal,
      scratch,
      bad: new Uint8Array(layout.size),
      isCounts: layout.noise === 'poisson',
    };
  },
  init: ({ outside, scratch }) => ({
    exposureUs: 0,
    spectrum: new Float64Array(outside.length),
    seen: new Float64Array(outside.length),
    totals: new Float64Array(scratch.length),
    count: 0,
  }),
  step(state, frame, emit, work) {
    const { id, axis, first, inside, signal, scratch, bad, isCounts } = work;
    const { exposureUs, layout } = frame;
    if (!(exposureUs > 0)) return;
    const by = channelsMoved(axis, first, frame.axisShift);
    const values = by === 0 ? frame.values : work.moved;
    takeChannels(frame, by, work);
    const { spectrum, seen, totals } = state;
    signalTotal({ values, variances: null, bad }, spectrum, isCounts, signal);
    const share = state.exposureUs === 0 ? signal.usable / inside : signal.share;
    if (signal.usable === 0 || !(share > 0)) return;
    if (state.exposureUs === 0) state.exposureUs = exposureUs;
    const exposure = exposureUs / state.exposureUs;
    for (let i = 0; i < values.length; i++) {
      if (bad[i] === 1) continue;
      seen[i] = Math.min(seen[i]! + 1, MEMORY);
      spectrum[i]! += (values[i]! / exposure - spectrum[i]!) / seen[i]!;
    }
    // Masked channels are taken to hold what they held just before.
    const total = signal.total / (exposure * share);
    const variance = isCounts ? Math.max(signal.total, 1) : sumVariance(frame, by, bad, signal.total);
    const error = variance === undefined ? undefined : Math.sqrt(variance) / (exposure * share);
    const known = { unit: layout.unit, quality: 'valid' } as const;
    emit(makeReading(frame, id, { name: 'total', value: total, standardError: error, ...known }));
    const n = totals.length;
    if (state.count >= n) {
      const usual = median(totals, scratch);
      // Of the total, and of a median: pi / 2n of its variance.
      const standardError =
        error === undefined || !(usual > 0) ? undefined : (error / usual) * Math.sqrt(1 + Math.PI / (2 * n));
      const quality = usual > 0 ? 'valid' : 'invalid';
      const value = usual > 0 ? total / usual - 1 : 0;
      emit(makeReading(frame, id, { name: 'relative', value, standardError, unit: '1', quality }));
    }
    totals[state.count % n] = total;
    state.count = state.count + 1 < 2 * n ? state.count + 1 : n;
  },
});

/** Variance of the sum of the channels that are not bad, of data with variances; undefined when they do not tell. */
function sumVariance(frame: Frame, by: number, bad: Uint8Array, total: number): number | undefined {
  const { variances, values, scaleError, flags, layout } = frame;
  if (variances === undefined || layout.noise === 'unknown' || (flags & FrameFlag.correlated) !== 0) return undefined;
  const common = scaleError * scaleError;
  let own = 0;
  for (let i = 0; i < bad.length; i++)
    if (bad[i] === 0) own += Math.max(0, variances[i + by]! - common * values[i + by]! ** 2);
  return own + common * total * total;
}
