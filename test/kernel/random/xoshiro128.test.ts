import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { nextUint32, nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

describe('xoshiro128**', () => {
  it('gives the published words for state 1, 2, 3, 4', () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    expect(Array.from({ length: 4 }, () => nextUint32(state))).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('continues from a copy of its state', () => {
    const state = seedXoshiro128(7, 3);
    for (let i = 0; i < 100; i++) nextUint32(state);
    const copy = state.slice();
    expect(Array.from({ length: 50 }, () => nextUint32(copy))).toEqual(
      Array.from({ length: 50 }, () => nextUint32(state)),
    );
  });

  it('gives every stream of a seed its own numbers', () => {
    const firsts = Array.from({ length: 1000 }, (_, stream) => nextUint32(seedXoshiro128(1, stream)));
    expect(new Set(firsts).size).toBe(1000);
  });

  it('spreads uniform numbers evenly over [0, 1)', () => {
    const state = seedXoshiro128(11, 0);
    const bins = new Float64Array(64);
    for (let i = 0; i < 64_000; i++) bins[Math.floor(nextUniform(state) * 64)] += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeGreaterThan(63 - 4 * Math.sqrt(126));
    expect(chiSquare).toBeLessThan(63 + 4 * Math.sqrt(126));
  });
});

describe('normal numbers', () => {
  it('have the moments of the standard normal', () => {
    const state = seedXoshiro128(5, 0);
    const n = 200_000;
    const moments = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const x = nextNormal(state);
      moments.forEach((_, k) => (moments[k] += x ** (k + 1) / n));
    }
    expect(Math.abs(moments[0])).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moments[1] - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moments[2])).toBeLessThan(4 * Math.sqrt(15 / n));
    expect(Math.abs(moments[3] - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  });

  it('fall within one, two and three standard deviations as often as they should', () => {
    const state = seedXoshiro128(6, 0);
    const n = 100_000;
    const within = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const size = Math.abs(nextNormal(state));
      within.forEach((_, k) => (within[k] += size < k + 1 ? 1 : 0));
    }
    [0.682689, 0.9545, 0.9973].forEach((p, k) =>
      expect(Math.abs(within[k] / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n)),
    );
  });
});
