import { describe, expect, it } from 'vitest';
import { cow, createCowWorkspace } from '../../../src/kernel/alignment/cow.ts';
import { cowPositions } from '../../../src/kernel/alignment/cowPositions.ts';
import { dtw } from '../../../src/kernel/alignment/dtw.ts';
import { dtwPositions } from '../../../src/kernel/alignment/dtwPath.ts';
import { createDtwWorkspace } from '../../../src/kernel/alignment/dtwWorkspace.ts';
import { warp } from '../../../src/kernel/alignment/warp.ts';

const n = 200;
const spectrum = (shift: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) =>
    [30, 75, 120, 165].reduce((sum, centre) => sum + 100 * Math.exp(-(((i + shift(i) - centre) / 5) ** 2)), 10),
  );
const target = spectrum(() => 0);
const sample = spectrum((i) => 3 * Math.sin(i / 40));
const distance = (a: Float64Array, b: Float64Array): number => Math.hypot(...a.map((value, i) => value - b[i]!));

describe('warping to a frozen target', () => {
  it('takes most of a drift that bends over the axis away, by correlation', () => {
    const work = createCowWorkspace(target, { segmentPoints: 21, slack: 2 });
    cow(sample, work);
    const warped = warp(sample, { positions: cowPositions(work, new Float64Array(n)) }, new Float64Array(n));
    expect(distance(warped, target)).toBeLessThan(0.3 * distance(sample, target));
  });

  it('takes most of it away by dynamic time warping', () => {
    const work = createDtwWorkspace(n, n, 8);
    dtw(sample, target, work);
    const warped = warp(sample, { positions: dtwPositions(work, new Float64Array(n)) }, new Float64Array(n));
    expect(distance(warped, target)).toBeLessThan(0.15 * distance(sample, target));
  });

  it('finds every channel of the reference on the query when the path skips some', () => {
    const query = target.filter((_, i) => i % 3 !== 1);
    const work = createDtwWorkspace(query.length, n, null);
    dtw(query, target, work, { stepPattern: 'asymmetric' });
    const positions = dtwPositions(work, new Float64Array(n));
    expect(positions[n - 1]).toBe(query.length - 1);
    expect([...positions].every((p, j) => j === 0 || p >= positions[j - 1]!)).toBe(true);
  });
});

describe('moving a spectrum to positions', () => {
  const values = Float64Array.of(0, 10, 20, 10);

  const errorsOf = (variances: Float64Array, m: number) => ({
    variances,
    shares: new Float64Array(variances.length),
    out: new Float64Array(m),
  });

  it('interpolates values, and takes variances along', () => {
    const errors = errorsOf(Float64Array.of(1, 1, 2, 4), 3);
    const out = warp(values, { positions: Float64Array.of(0, 1.25, 3), errors }, new Float64Array(3));
    expect([...out]).toEqual([0, 12.5, 10]);
    expect([...errors.out]).toEqual([1, 0.75 ** 2 + 2 * 0.25 ** 2, 4]);
  });

  it.each(['height', 'area'] as const)('gives variances that add up to that of the sum, keeping the %s', (keep) => {
    const n = 40;
    const variances = Float64Array.from({ length: n }, (_, i) => 1 + (i % 5));
    const positions = Float64Array.from({ length: 60 }, (_, j) => Math.min(n - 1, 0.2 + 0.63 * j + Math.sin(j / 9)));
    const errors = errorsOf(variances, 60);
    warp(new Float64Array(n), { positions, keep, errors }, new Float64Array(60));
    // What the sum changes by with each channel, squared.
    let wanted = 0;
    for (let i = 0; i < n; i++) {
      const one = Float64Array.from({ length: n }, (_, k) => (k === i ? 1 : 0));
      const pull = warp(one, { positions, keep }, new Float64Array(60)).reduce((sum, each) => sum + each, 0);
      wanted += pull * pull * variances[i]!;
    }
    expect(errors.out.reduce((sum, each) => sum + each, 0) / wanted).toBeCloseTo(1, 12);
  });

  it('keeps the area of what is stretched, when told to', () => {
    const positions = Float64Array.from({ length: 101 }, (_, j) => j / 2);
    const peak = Float64Array.from({ length: 51 }, (_, i) => Math.exp(-(((i - 25) / 4) ** 2)));
    const sum = (x: Float64Array): number => x.reduce((total, value) => total + value, 0);
    expect(sum(warp(peak, { positions, keep: 'area' }, new Float64Array(101)))).toBeCloseTo(sum(peak), 6);
    expect(sum(warp(peak, { positions }, new Float64Array(101)))).toBeCloseTo(2 * sum(peak), 6);
  });

  it('masks what would touch a masked channel, and no more', () => {
    const outMask = new Uint8Array(4);
    const options = { positions: Float64Array.of(0, 1, 1.5, 3), mask: Uint8Array.of(0, 0, 1, 0), outMask };
    expect([...warp(values, options, new Float64Array(4))]).toEqual([0, 10, 0, 10]);
    expect([...outMask]).toEqual([0, 0, 1, 0]);
  });
});
