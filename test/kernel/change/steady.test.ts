import { describe, expect, it } from 'vitest';
import { isSteady } from '../../../src/kernel/change/steady.ts';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const RUNS = 1500;

/** Share of windows that look steady. */
function shareSteady(count: number, value: (i: number, noise: number) => number, seed = 1): number {
  const random = seedXoshiro128(seed, count);
  const values = new Float64Array(count);
  let steady = 0;
  for (let run = 0; run < RUNS; run++) {
    for (let i = 0; i < count; i++) values[i] = value(i, nextNormal(random));
    if (isSteady(values, count).steady) steady++;
  }
  return steady / RUNS;
}

describe('whether a learning window is steady', () => {
  it.each([8, 15, 30, 100])('refuses about 1 %% of steady windows of %d frames', (count) => {
    const share = shareSteady(count, (_, noise) => 5 + 3 * noise);
    expect(share).toBeGreaterThan(0.982);
    expect(share).toBeLessThan(0.999);
  });

  it.each([15, 30, 100])('passes windows of %d frames with one enormous spike', (count) => {
    expect(shareSteady(count, (i, noise) => noise + (i === count - 2 ? 1e4 : 0))).toBeGreaterThan(0.98);
  });

  it('refuses a trend of five standard errors nearly always, and gives its size', () => {
    const slope = 5 * Math.sqrt(12 / 30 ** 3);
    expect(shareSteady(30, (i, noise) => slope * i + noise)).toBeLessThan(0.1);
    const { trend, trendError } = isSteady(
      Float64Array.from({ length: 30 }, (_, i) => 2 * i + (i % 2)),
      30,
    );
    expect(Math.abs(trend - 2)).toBeLessThan(3 * trendError);
  });

  it('refuses a burn-off of 30 frames, at its start and at its tail', () => {
    const burnOff = (from: number) => (i: number, noise: number) => 100 * Math.exp(-(from + i) / 10) + noise;
    expect(shareSteady(30, burnOff(0))).toBe(0);
    expect(shareSteady(30, burnOff(10))).toBeLessThan(0.02);
  });

  it('refuses a hump, which has no slope', () => {
    expect(shareSteady(30, (i, noise) => 5 * Math.sin((Math.PI * (i + 0.5)) / 30) + noise)).toBe(0);
  });

  it('takes constant values for steady and a noiseless ramp for a trend', () => {
    expect(isSteady(new Float64Array(20).fill(7), 20)).toMatchObject({ steady: true, trend: 0 });
    expect(
      isSteady(
        Float64Array.from({ length: 20 }, (_, i) => i),
        20,
      ).steady,
    ).toBe(false);
  });

  it('says nothing of fewer than 8 values', () => {
    expect(isSteady(new Float64Array(20), 7)).toEqual({ steady: false, trend: 0, trendError: Infinity });
  });
});
