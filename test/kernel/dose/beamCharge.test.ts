import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beamCharge, emptyCharge, startBeam, type Delivery } from '../../../src/kernel/dose/beamCharge.ts';

/** A beam of 2 per second and exposures of 100 ms in step: 0.2 a frame. */
const usual: Omit<Delivery, 'timeUs'> = {
  exposureUs: 100_000,
  unseenUs: 0,
  rate: 2,
  maximum: 10,
  isOff: false,
  ageUs: 0,
  isLitBetween: false,
  lagUs: 0,
};
const off = { isOff: true };

function play(frames: readonly Partial<Delivery>[]) {
  const state = startBeam();
  return frames.map((frame, k) => {
    const out = emptyCharge();
    beamCharge(state, { ...usual, timeUs: k * 100_000, ...frame }, out);
    return out;
  });
}
const total = (frames: readonly Partial<Delivery>[]): number =>
  play(frames).reduce((sum, { own, before }) => sum + own + before, 0);
const timeUs = (frames: readonly Partial<Delivery>[]): number =>
  play(frames).reduce((sum, { ownUs, beforeUs }) => sum + ownUs + beforeUs, 0);

describe('beamCharge', () => {
  it('charges what went unseen at the mean of both ends', () => {
    expect(play([{}, { unseenUs: 1e6, rate: 4 }])[1]!.before).toBeCloseTo(3, 12);
  });

  it('charges an unknown rate at the maximum, or the highest ever measured', () => {
    expect(play([{ rate: NaN }])[0]).toMatchObject({ own: 1, isMeasured: false, nextRate: 10 });
    expect(play([{ rate: 20 }, { rate: NaN, unseenUs: 1e6 }])[1]).toMatchObject({ own: 2, before: 20 });
  });

  it('charges nothing while the beam is off, and knows what it does not charge', () => {
    expect(total([{}, off, off, {}])).toBeCloseTo(0.4, 12);
    expect(total([off, { ...off, unseenUs: 1e6 }])).toBe(0);
    expect(play([{ ...off, rate: NaN }])[0]).toMatchObject({ own: 0, isMeasured: true });
  });

  it('charges the lag of the shutter once at each closing', () => {
    const lag = { lagUs: 50_000 };
    expect(total([{}, { ...off, ...lag }, { ...off, ...lag }, {}, { ...off, ...lag }])).toBeCloseTo(0.6, 12);
    expect(timeUs([{}, { ...off, ...lag }, { ...off, ...lag }])).toBe(150_000);
    expect(total([{ ...off, ...lag }])).toBe(0);
  });

  it('charges the longer at a closing: what went unseen before it', () => {
    expect(total([{}, { ...off, unseenUs: 300_000 }])).toBeCloseTo(0.8, 12);
  });

  it('charges the longer at an opening: all since the beam was last seen off', () => {
    const slow = [{ ...off }, { ...off, ageUs: 100_000 }, { ...off, ageUs: 200_000, unseenUs: 100_000 }];
    expect(total([...slow, { ageUs: 0 }])).toBeCloseTo(0.2 + 4 * 0.2, 12);
    const confirmed = [{ ...off }, { ...off, ageUs: 10_000 }];
    expect(total([...confirmed, { ageUs: 30_000 }])).toBeCloseTo(0.4, 12);
  });

  it('charges what lies between exposures where the beam is on then', () => {
    const lit = { isLitBetween: true, exposureUs: 60_000 };
    const frames = play([lit, lit, { ...lit, ...off }, { ...lit, ...off }]);
    expect(frames.map(({ own, before }) => own + before).map((each) => Number(each.toFixed(9)))).toEqual([
      0.12, 0.2, 0.08, 0,
    ]);
    expect(frames[1]!.gapUs).toBe(40_000);
  });

  it('expects of the next frame what the beam last gave, though it is off now', () => {
    expect(play([{}, { ...off, rate: 0 }])[1]!.nextRate).toBe(2);
    expect(play([{ ...off, rate: 0 }])[0]!.nextRate).toBe(10);
  });

  it('is never negative, whatever is delivered', () => {
    const delivery = fc.record({
      exposureUs: fc.nat(1e6),
      unseenUs: fc.nat(1e6),
      rate: fc.constantFrom(NaN, -3, 0, 1, 5),
      isOff: fc.boolean(),
      ageUs: fc.nat(1e6),
      isLitBetween: fc.boolean(),
      lagUs: fc.nat(1e5),
    });
    fc.assert(
      fc.property(fc.array(delivery), (frames) => {
        for (const { own, before, beforeUs, rate, nextRate, gapUs } of play(frames))
          for (const value of [own, before, beforeUs, rate, nextRate, gapUs]) expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
