import { z } from 'zod';
import { chargeFluence, fluenceOf } from '../../kernel/dose/fluence.ts';
import { defineStage } from '../../model/defineStage.ts';
import { duration } from '../../model/duration.ts';
import type { Frame } from '../../model/frame.ts';
import { FRACTION_OF_LIMIT } from '../../model/signal.ts';
import { makeReading } from '../../model/makeReading.ts';

const AMPERES = { A: 1, mA: 1e-3, uA: 1e-6, nA: 1e-9, pA: 1e-12 } as const;
const unit = z.enum(['A', 'mA', 'uA', 'nA', 'pA']);

export default defineStage({
  kind: 'dose.fluence',
  version: 1,
  summary: 'Adds up the electrons per area the sample has received, dropped frames included, against a budget.',
  input: 'frame',
  outputs: ['reading', 'detection'],
  noise: { accepts: ['poisson', 'scaledPoisson', 'gaussian', 'unknown'], gives: 'same' },
  keepsStateOverLayouts: true,
  config: z.strictObject({
    current: z
      .union([
        z.strictObject({ fixed: z.number().min(0).describe('Beam current.'), unit }),
        z.strictObject({
          signal: z.string().min(1).describe('Name of the slow signal that is the beam current.'),
          unit,
          maximum: z
            .number()
            .positive()
            .describe('Charged while the signal is absent or stale, unless more was seen; in `unit`.'),
          staleAfter: duration.default(10_000_000).describe("Older than this is stale; default '10 s'."),
        }),
      ])
      .describe('Beam current on the sample.'),
    areaNm2: z.number().positive().describe('Illuminated area.').meta({ unit: 'nm2' }),
    limit: z.number().positive().describe('Fluence the sample may receive.').meta({ unit: 'nm-2' }),
    milestones: z
      .array(z.number().positive().max(1))
      .default([0.5, 0.8, 1])
      .describe('Fractions of the limit at which to speak, ascending.')
      .refine((list) => list.every((value, k) => k === 0 || value > list[k - 1]!), 'expected ascending fractions'),
  }),
  example: { current: { fixed: 10, unit: 'pA' }, areaNm2: 100, limit: 1e7 },
  prepare: ({ id, config }) => ({ id, ...config, ampere: AMPERES[config.current.unit] }),
  init: () => ({ sum: 0, compensation: 0, highestA: 0, lastTimeUs: -1, passedCount: 0 }),
  step(state, frame, emit, { id, current, ampere, areaNm2, limit, milestones }) {
    const measuredA = 'fixed' in current ? current.fixed * ampere : measured(frame, current, ampere);
    const known = measuredA !== undefined;
    if (known) state.highestA = Math.max(state.highestA, measuredA);
    const chargedA = known ? measuredA : Math.max(state.highestA, 'maximum' in current ? current.maximum * ampere : 0);
    const exposedUs = frame.exposureUs + frame.unseenExposureUs;
    const step = fluenceOf(chargedA, exposedUs, areaNm2);
    const dose = chargeFluence(state, step);
    const elapsedUs = Math.max(exposedUs, state.lastTimeUs < 0 ? 0 : frame.timeUs - state.lastTimeUs);
    state.lastTimeUs = Math.max(state.lastTimeUs, frame.timeUs);
    const rate = elapsedUs > 0 ? step / (elapsedUs * 1e-6) : 0;

    const quality = known ? 'valid' : 'invalid';
    emit(makeReading(frame, id, { name: 'dose', value: dose, unit: 'nm-2', quality }));
    emit(makeReading(frame, id, { name: 'doseRate', value: rate, unit: 'nm-2.s-1', quality }));
    emit(makeReading(frame, id, { name: 'doseFraction', value: dose / limit, unit: '1', quality }));
    if (rate > 0) {
      const secondsLeft = Math.max(0, limit - dose) / rate;
      emit(makeReading(frame, id, { name: 'doseExhausted', value: secondsLeft, unit: 's', quality }));
    }
    const { stream, seq, timeUs } = frame;
    while (state.passedCount < milestones.length && dose >= milestones[state.passedCount]! * limit) {
      const threshold = milestones[state.passedCount]!;
      emit({
        type: 'detection',
        stream,
        seq,
        timeUs,
        onsetUs: timeUs,
        detector: id,
        statistic: dose / limit,
        threshold,
        sign: 1,
        template: FRACTION_OF_LIMIT,
      });
      state.passedCount++;
    }
  },
});

/** The current in A, 0 for the negative offsets of an ammeter; undefined when it is not known. */
function measured(frame: Frame, current: { signal: string; staleAfter: number }, ampere: number): number | undefined {
  const reading = frame.context[current.signal];
  if (reading === undefined || !Number.isFinite(reading)) return undefined;
  return (frame.contextAgeUs[current.signal] ?? 0) > current.staleAfter ? undefined : Math.max(0, reading * ampere);
}
