import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/model/alert.ts';
import type { Detection, Reading } from '../../src/model/signal.ts';
import { signalMostBytes, writeSignal } from '../../src/recording/writeSignal.ts';
import { decodeCborItem, encodeCborItem } from '../../src/wire/cborItem.ts';
import { CborWriter, createCborTarget } from '../../src/wire/cborWriter.ts';

/** All fields, those that may be absent too: a field added to a signal does not pass here unnoticed. */
type Arbitraries<Signal> = { [Key in keyof Required<Signal>]: fc.Arbitrary<Signal[Key]> };

const number = fc.oneof(
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e300, 24, -25),
  fc.double(),
  fc.maxSafeInteger(),
);
const text = fc.string({ unit: 'binary', maxLength: 300 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const pair = fc.tuple(number, number);
const sign = fc.constantFrom(-1 as const, 0 as const, 1 as const);
const common = { stream: text, seq: number, timeUs: number, region: maybe(pair), regionUnit: maybe(text) };
const found = { onsetUs: number, onsetIntervalUs: maybe(pair), statistic: number, threshold: number, sign };

const readings: Arbitraries<Reading> = {
  ...common,
  type: fc.constant('reading'),
  stage: text,
  name: text,
  value: number,
  standardError: maybe(number),
  systematicError: maybe(number),
  unit: text,
  quality: fc.constantFrom('valid', 'invalid'),
  sign: maybe(sign),
};
const detections: Arbitraries<Detection> = {
  ...common,
  ...found,
  type: fc.constant('detection'),
  detector: text,
  template: maybe(text),
  averageRunLength: maybe(number),
};
const alerts: Arbitraries<Alert> = {
  ...common,
  ...found,
  type: fc.constant('alert'),
  id: text,
  rule: text,
  severity: fc.constantFrom('notice', 'warning', 'critical'),
  phase: fc.constantFrom('raised', 'updated', 'cleared'),
  message: text,
  evidence: fc.array(text, { maxLength: 30 }),
  template: maybe(text),
  clearedBy: fc.constantFrom('operator', undefined),
  averageRunLength: maybe(number),
};

const writer = new CborWriter();

describe.each([
  ['reading', fc.record<Reading>(readings as never)],
  ['detection', fc.record<Detection>(detections as never)],
  ['alert', fc.record<Alert>(alerts as never)],
] as const)('a %s written in place', (_, signals: fc.Arbitrary<Reading | Detection | Alert>) => {
  it('is the map that the general encoder makes of it, and takes no more than foretold', () => {
    fc.assert(
      fc.property(signals, text, (signal, from) => {
        const most = signalMostBytes(signal, from);
        const target = createCborTarget(most + 16);
        writer.aim(target, 8);
        writeSignal(writer, signal, from);
        expect(writer.at - 8).toBeLessThanOrEqual(most);
        const item = decodeCborItem(new Uint8Array(target.bytes.subarray(8, writer.at)));
        expect(item).toEqual(decodeCborItem(encodeCborItem({ ...signal, from })));
        expect(item).toEqual(
          Object.fromEntries(Object.entries({ ...signal, from }).filter(([, field]) => field !== undefined)),
        );
      }),
    );
  });
});
