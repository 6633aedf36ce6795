import { describe, expect, it } from 'vitest';
import type { SlowSample } from '../../src/model/signal.ts';
import { createSlowSignals, type SlowSignals } from '../../src/pipeline/slowSignals.ts';

const sample = (name: string, timeUs: number, value: number): SlowSample => ({
  type: 'slow',
  name,
  timeUs,
  value,
  unit: 'K',
});

function joined(signals: SlowSignals, timeUs: number): [Record<string, number>, Record<string, number>] {
  const context: Record<string, number> = {};
  const ageUs: Record<string, number> = {};
  signals.joinAsOf(timeUs, context, ageUs);
  return [context, ageUs];
}

describe('slow signals', () => {
  it('have no value before their first sample', () => {
    const signals = createSlowSignals();
    signals.add(sample('T', 100, 1));
    expect(joined(signals, 99)).toEqual([{}, {}]);
    expect(joined(signals, 100)).toEqual([{ T: 1 }, { T: 0 }]);
  });

  it('are joined in order of time whatever the order they came in', () => {
    const signals = createSlowSignals(4);
    for (const [time, value] of [
      [30, 3],
      [10, 1],
      [20, 2],
    ] as const)
      signals.add(sample('T', time, value));
    expect([5, 15, 25, 35].map((time) => joined(signals, time)[0]['T'])).toEqual([undefined, 1, 2, 3]);
  });

  it('forget the oldest beyond their capacity', () => {
    const signals = createSlowSignals(3);
    for (let i = 1; i <= 10; i++) signals.add(sample('T', 10 * i, i));
    expect(joined(signals, 75)[0]).toEqual({});
    expect([85, 95, 105].map((time) => joined(signals, time)[0]['T'])).toEqual([8, 9, 10]);
  });

  it('hand on what later frames may need: the value as of then, and all that are newer', () => {
    const signals = createSlowSignals();
    for (let i = 1; i <= 5; i++) signals.add(sample('T', 10 * i, i));
    signals.add(sample('U', 1, 7));
    const later = createSlowSignals();
    for (const each of signals.since(35)) later.add(each);
    expect(signals.since(35).map(({ timeUs }) => timeUs)).toEqual([30, 40, 50, 1]);
    for (const time of [35, 45, 1000]) expect(joined(later, time)).toEqual(joined(signals, time));
  });

  it('of one stream are joined with its frames alone, also after a checkpoint', () => {
    const signals = createSlowSignals();
    signals.add({ ...sample('act', 3600, 1), stream: 'ahead' });
    signals.add({ ...sample('act', 20, 1), stream: 'behind' });
    signals.add(sample('T', 10, 5));
    const later = createSlowSignals();
    for (const each of signals.since(20)) later.add(each);
    for (const held of [signals, later]) {
      const seen = (stream: string, timeUs: number) => {
        const context: Record<string, number> = {};
        held.joinAsOf(timeUs, context, {}, stream);
        return context;
      };
      expect(seen('behind', 30)).toEqual({ act: 1, T: 5 });
      expect(seen('ahead', 30)).toEqual({ T: 5 });
      expect(seen('ahead', 3600)).toEqual({ act: 1, T: 5 });
      expect(seen('other', 9999)).toEqual({ T: 5 });
    }
  });
});
