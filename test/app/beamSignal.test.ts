import { describe, expect, it } from 'vitest';
import { createBeamSignal } from '../../src/app/beamSignal.ts';
import { PERMIT_BEAM, type ShutterReport } from '../../src/model/permit.ts';
import { createSlowSignals } from '../../src/pipeline/slowSignals.ts';

const PERIOD_US = 100_000;

function bench() {
  const slow = createSlowSignals();
  const beam = createBeamSignal(slow);
  return {
    pass: (seq: number) =>
      beam.passed({ stream: 'eels', timeUs: seq * PERIOD_US, exposureUs: PERIOD_US }, (seq + 1) * 100),
    see: (observed: ShutterReport['observed'], nowMs: number) => beam.seen({ observed } as ShutterReport, nowMs),
    /** As the frame carries it: the value, and how old it is. */
    at(seq: number) {
      const values: Record<string, number> = {};
      const agesUs: Record<string, number> = {};
      slow.joinAsOf(seq * PERIOD_US, values, agesUs, 'eels');
      return [values[PERMIT_BEAM], agesUs[PERMIT_BEAM]];
    },
  };
}

describe('the beam as a slow signal', () => {
  it('is on while nothing has been seen of the shutter', () => {
    const { pass, at } = bench();
    pass(0);
    expect(at(1)[0]).toBe(1);
  });
  it('goes off with the first exposure that began after it was seen off', () => {
    const { pass, see, at } = bench();
    for (let seq = 0; seq < 5; seq++) pass(seq);
    see('open', 500);
    // Half-way through frame 5, which is under way and has had beam.
    see('closed', 550);
    expect([at(4)[0], at(5)[0], at(6)[0]]).toEqual([1, 1, 0]);
  });
  it('goes on from the last frame on, and counts an unknown shutter as open', () => {
    const { pass, see, at } = bench();
    for (let seq = 0; seq < 5; seq++) pass(seq);
    see('closed', 500);
    for (let seq = 5; seq < 10; seq++) pass(seq);
    expect(at(9)[0]).toBe(0);
    see('unknown', 1010);
    expect(at(10)[0]).toBe(1);
  });
  it('is told again while the shutter stays closed, so that it is not stale', () => {
    const { pass, see, at } = bench();
    for (let seq = 0; seq < 200; seq++) {
      pass(seq);
      see('closed', (seq + 1) * 100);
    }
    expect(at(200)[0]).toBe(0);
    expect(at(200)[1]).toBeLessThanOrEqual(1.1e6);
  });
});
