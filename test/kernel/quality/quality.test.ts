import { describe, expect, it } from 'vitest';
import { createDarkState, judgeDark, type DarkOptions } from '../../../src/kernel/quality/darkFrames.ts';
import { excess } from '../../../src/kernel/quality/excess.ts';
import { createLevelWork, localLevel } from '../../../src/kernel/quality/localLevel.ts';
import { signalTotal, type SignalTotal } from '../../../src/kernel/quality/signalTotal.ts';
import { createUsualTotal, createUsualWork, learnTotal, usualRate } from '../../../src/kernel/quality/usualTotal.ts';

describe('excess', () => {
  it('is the distance in standard deviations where the variance is given, with the error of the level', () => {
    expect(excess(9, 5, 4, Infinity, 'given')).toBe(2);
    expect(excess(9, 5, 4, 1, 'given')).toBeCloseTo(Math.SQRT2, 12);
    expect(excess(4, 5, 4, 1, 'given')).toBe(0);
  });

  it('is the exact tail of counts: 5 where 0.25 were expected are 4.5 standard deviations', () => {
    expect(excess(5, 0.25, 0, Infinity, 'counts')).toBeCloseTo(4.5, 1);
    expect(excess(5 * 7, 0.25 * 7, 5 * 49, Infinity, 'scaledCounts')).toBeCloseTo(4.5, 1);
  });

  it('is less where the level was counted in a few frames only', () => {
    expect(excess(40, 10, 0, 2, 'counts')).toBeLessThan(excess(40, 10, 0, 100, 'counts'));
  });
});

describe('localLevel', () => {
  const n = 128;
  const reference = Float64Array.from({ length: n }, (_, i) => 100 + 400 * Math.exp(-0.5 * ((i - 40) / 2) ** 2));
  const level = (values: Float64Array, unusable = new Uint8Array(n)) => {
    const out = new Float64Array(n);
    localLevel({ values, reference, unusable, variances: null, counts: true }, createLevelWork(n), out);
    return out;
  };

  it('follows gain and offset, is not pulled by a spike, and allows a line to drift by two channels', () => {
    const values = reference.map((value) => 1.5 * value + 30);
    values[20]! += 20_000;
    const found = level(values);
    for (let i = 4; i < n - 4; i++) {
      expect(found[i]).toBeGreaterThanOrEqual(1.5 * reference[i]! + 29.9);
      if (Math.abs(i - 40) > 12) expect(found[i]! / (1.5 * reference[i]! + 30)).toBeLessThan(1.02);
    }
    expect(found[38]).toBeGreaterThanOrEqual(1.5 * 500);
  });

  it('has a number for every channel, even where none of a block may be used', () => {
    const unusable = new Uint8Array(n).fill(1, 0, 64);
    expect([...level(reference, unusable)].every(Number.isFinite)).toBe(true);
  });
});

describe('signalTotal', () => {
  it('counts a masked peak for what it held, and sees a standstill', () => {
    const out: SignalTotal = { total: 0, counts: null, share: 0, usable: 0, isConstant: false };
    const bad = Uint8Array.of(0, 1, 0);
    signalTotal({ values: Float64Array.of(2, 90, 2), variances: null, bad }, Float64Array.of(5, 90, 5), true, out);
    expect(out).toEqual({ total: 4, counts: 4, share: 0.1, usable: 2, isConstant: true });
  });
});

describe('judgeDark', () => {
  const options: DarkOptions = { exposure: 1, chance: 1e-4, sigma: 3.7, tripBelow: 0.2, tripFrames: 3 };
  const work = createUsualWork();
  const judge = (state: ReturnType<typeof createDarkState>, total: number) =>
    judgeDark(state, { total, counts: total, share: 1, usable: 16, isConstant: false }, options, work);

  it('takes as many empty frames as chance asks for: of 6 counts in 2 frames, after 8 more none', () => {
    const state = createDarkState();
    judge(state, 3);
    judge(state, 3);
    // (2 / (2 + k)) to the 6th falls below 1e-4 at k = 8.
    expect(Array.from({ length: 8 }, () => judge(state, 0))).toEqual([
      ...Array.from({ length: 7 }, () => 'signal'),
      'none',
    ]);
  });

  it('calls a low total a trip for so many frames, then how things are', () => {
    const state = createDarkState();
    for (let k = 0; k < 10; k++) expect(judge(state, 1000)).toBe('signal');
    expect([50, 50, 50, 50, 50].map((total) => judge(state, total))).toEqual(['low', 'low', 'low', 'signal', 'signal']);
  });
});

describe('usualRate', () => {
  it('is the median of the last 21 totals, once there are five', () => {
    const state = createUsualTotal();
    const work = createUsualWork();
    for (let k = 0; k < 4; k++) learnTotal(state, 10);
    expect(usualRate(state, work)).toBeNull();
    for (let k = 0; k < 30; k++) learnTotal(state, k % 7 === 0 ? 500 : 20);
    expect(usualRate(state, work)).toEqual({ rate: 20, scatter: 0 });
  });
});
