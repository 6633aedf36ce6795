import { describe, expect, it } from 'vitest';
import { fillPoisson, nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { nextUint32, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const DRAWS = 300_000;

/** Probabilities of k from `first` on, by recurrence from the mode and normalised by their sum: no log-gamma involved. */
function probabilities(mean: number): { first: number; p: Float64Array } {
  const reach = Math.ceil(9 * Math.sqrt(mean) + 25);
  const mode = Math.floor(mean);
  const first = Math.max(0, mode - reach);
  const p = new Float64Array(mode + reach - first + 1);
  p[mode - first] = 1;
  for (let k = mode + 1; k - first < p.length; k++) p[k - first] = p[k - 1 - first] * (mean / k);
  for (let k = mode; k > first; k--) p[k - 1 - first] = p[k - first] * (k / mean);
  const sum = p.reduce((a, b) => a + b, 0);
  return { first, p: p.map((value) => value / sum) };
}

/** Pearson's chi-square over cells that each expect at least 20 draws, in standard deviations from its expectation. */
function misfit(mean: number, seed: number): number {
  const { first, p } = probabilities(mean);
  const observed = new Float64Array(p.length);
  const state = seedXoshiro128(seed, 0);
  for (let i = 0; i < DRAWS; i++) observed[nextPoisson(state, mean) - first] += 1;
  let chiSquare = 0;
  let cells = 0;
  let expectedInCell = 0;
  let observedInCell = 0;
  let left = DRAWS;
  for (let k = 0; k < p.length; k++) {
    expectedInCell += DRAWS * p[k];
    observedInCell += observed[k];
    left -= DRAWS * p[k];
    if (expectedInCell < 20 || (left < 20 && k < p.length - 1)) continue;
    chiSquare += (observedInCell - expectedInCell) ** 2 / expectedInCell;
    cells++;
    expectedInCell = 0;
    observedInCell = 0;
  }
  return (chiSquare - (cells - 1)) / Math.sqrt(2 * Math.max(1, cells - 1));
}

describe('Poisson numbers', () => {
  it.each([0.01, 0.1, 0.25, 0.7, 1, 3, 7.5, 9.999, 10, 10.5, 14, 30, 100, 1000, 1e4, 1e5])(
    'follow the distribution of mean %f',
    (mean) => {
      for (const seed of [1, 2]) expect(Math.abs(misfit(mean, seed))).toBeLessThan(4);
    },
  );

  it('have mean and variance 1e7 at 1e7', () => {
    const state = seedXoshiro128(3, 0);
    let sum = 0;
    let square = 0;
    for (let i = 0; i < DRAWS; i++) {
      const off = nextPoisson(state, 1e7) - 1e7;
      sum += off;
      square += off * off;
    }
    expect(Math.abs(sum / DRAWS)).toBeLessThan(4 * Math.sqrt(1e7 / DRAWS));
    expect(Math.abs(square / DRAWS / 1e7 - 1)).toBeLessThan(4 * Math.sqrt(2 / DRAWS));
  });

  it('would fail this test if they were rounded normal numbers of mean 12', () => {
    const { first, p } = probabilities(12);
    const normal = Float64Array.from(p, (_, i) => Math.exp(-((first + i - 12) ** 2) / 24) / Math.sqrt(24 * Math.PI));
    const chiSquare = p.reduce(
      (sum, value, i) => sum + (value > 1e-4 ? ((value - normal[i]) ** 2 / value) * DRAWS : 0),
      0,
    );
    expect(chiSquare).toBeGreaterThan(1000);
  });

  it('are pinned for a seed', () => {
    const state = seedXoshiro128(12345, 7);
    const means = Float64Array.of(0.01, 0.5, 2, 9.9, 10, 55, 1e3, 1e5, 1e7);
    expect([...fillPoisson(state, means, new Float64Array(means.length))]).toEqual([
      0, 0, 0, 9, 7, 68, 1005, 100271, 9998798,
    ]);
  });

  it('are the same one by one and in one go', () => {
    const means = Float64Array.from({ length: 3000 }, (_, i) => Math.exp(-5 + i / 150) * (i % 7 === 3 ? 0 : 1));
    const together = seedXoshiro128(4, 0);
    const alone = seedXoshiro128(4, 0);
    const drawn = fillPoisson(together, means, new Float64Array(means.length));
    expect(drawn).toEqual(means.map((mean) => nextPoisson(alone, mean)));
    expect(together).toEqual(alone);
  });

  it('advance the generator of xoshiro128.ts, three words for a small mean', () => {
    const state = seedXoshiro128(9, 1);
    const other = seedXoshiro128(9, 1);
    fillPoisson(state, new Float64Array(100).fill(0.3), new Float64Array(100));
    for (let i = 0; i < 300; i++) nextUint32(other);
    expect(state).toEqual(other);
  });

  it('are 0 where nothing is expected', () => {
    const state = seedXoshiro128(1, 0);
    expect([nextPoisson(state, 0), nextPoisson(state, -1), nextPoisson(state, NaN)]).toEqual([0, 0, 0]);
    expect(state).toEqual(seedXoshiro128(1, 0));
  });
});
