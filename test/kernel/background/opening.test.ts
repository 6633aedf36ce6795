import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opening } from '../../../src/kernel/background/opening.ts';

/** Lowest or highest within `half` channels, one by one. */
const within = (values: readonly number[], half: number, of: (...all: number[]) => number): number[] =>
  values.map((_, i) => of(...values.slice(Math.max(0, i - half), i + half + 1)));
const mean = (...all: number[]): number => all.reduce((sum, value) => sum + value, 0) / all.length;

const spectrum = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 60 });
const half = fc.integer({ min: 1, max: 70 });
const smooth = fc.integer({ min: 0, max: 5 });

describe('the morphological background', () => {
  it('is the moving mean of an erosion and a dilation', () =>
    fc.assert(
      fc.property(spectrum, half, smooth, (values, halfWidth, average) => {
        const smoothed = within(values, average, mean);
        const opened = within(within(smoothed, halfWidth, Math.min), halfWidth, Math.max);
        const got = opening(Float64Array.from(values), { halfWidth, smooth: average }, new Float64Array(values.length));
        within(opened, halfWidth, mean).forEach((want, i) => expect(got[i]).toBeCloseTo(want, 8));
      }),
    ));

  it('is cut down, as a mean, where its own rises and falls allow', () =>
    fc.assert(
      fc.property(spectrum, half, (values, halfWidth) => {
        const opened = within(within(values, halfWidth, Math.min), halfWidth, Math.max);
        const rise = within(opened, halfWidth, Math.min);
        const fall = within(opened, halfWidth, Math.max);
        const got = opening(Float64Array.from(values), { halfWidth, shape: 'mean' }, new Float64Array(values.length));
        opened.forEach((want, i) => expect(got[i]).toBeCloseTo(Math.min(want, 0.5 * (rise[i]! + fall[i]!)), 9));
      }),
    ));

  it('refuses what it cannot open, in words', () => {
    const values = Float64Array.of(1, NaN, 2);
    expect(() => opening(values, { halfWidth: 1 }, new Float64Array(3))).toThrow('values[1] is NaN');
    expect(() => opening(new Float64Array(3), { halfWidth: 0.5 }, new Float64Array(3))).toThrow('halfWidth is 0.5');
    expect(() => opening(new Float64Array(3), { halfWidth: 1 }, new Float64Array(2))).toThrow('2 elements');
    expect(() => opening(new Float64Array(0), { halfWidth: 1 }, new Float64Array(0))).toThrow('no channels');
  });
});
