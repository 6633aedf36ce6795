import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgeMasked } from '../../../src/kernel/array/bridgeMasked.ts';
import { countRegion } from '../../../src/kernel/array/countRegion.ts';
import { interpolate } from '../../../src/kernel/array/interpolate.ts';
import { mean } from '../../../src/kernel/array/mean.ts';
import { median } from '../../../src/kernel/array/median.ts';
import { quantile } from '../../../src/kernel/array/quantile.ts';
import { rebin } from '../../../src/kernel/array/rebin.ts';
import { sum } from '../../../src/kernel/array/sum.ts';

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });

describe('sum and mean', () => {
  it('keep small numbers beside large ones', () => expect(sum(Float64Array.of(1, 1e100, 1, -1e100))).toBe(2));
  it('leave out masked channels', () => {
    expect(sum(Float64Array.of(1, 2, 4), Uint8Array.of(0, 1, 0))).toBe(5);
    expect(mean(Float64Array.of(1, 2, 4), Uint8Array.of(0, 1, 0))).toBe(2.5);
  });
  it('of nothing are 0 and NaN', () => {
    expect(sum(new Float64Array(0))).toBe(0);
    expect(mean(Float64Array.of(3), Uint8Array.of(1))).toBeNaN();
  });
});

describe('quantile', () => {
  it('agrees with sorting, at every fraction', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (list, fraction) => {
        const sorted = [...list].sort((a, b) => a - b);
        const at = fraction * (list.length - 1);
        const lower = sorted[Math.floor(at)]!;
        const upper = sorted[Math.ceil(at)]!;
        expect(quantile(Float64Array.from(list), fraction)).toBeCloseTo(lower + (at % 1) * (upper - lower), 9);
      }),
    );
  });
  it('leaves its input alone', () => {
    const values = Float64Array.of(3, 1, 2);
    expect(median(values)).toBe(2);
    expect([...values]).toEqual([3, 1, 2]);
  });
  it('takes the mean of the middle two', () => expect(median(Float64Array.of(1, 9, 5, 3))).toBe(4));
  it('refuses no values and fractions beyond 0 to 1', () => {
    expect(() => median(new Float64Array(0))).toThrow(expect.objectContaining({ reason: 'EmptyInput' }) as Error);
    expect(() => quantile(Float64Array.of(1), 1.1)).toThrow(RangeError);
  });
});

describe('interpolate', () => {
  const from = Float64Array.of(0, 1, 3);
  it('is exact at the known points and straight between them, in any order', () => {
    const to = Float64Array.of(2, 0, 3, 0.5, 1);
    expect([...interpolate(Float64Array.of(0, 10, 30), { from, to })]).toEqual([20, 0, 30, 5, 10]);
  });
  it('holds the ends, or writes what it is told', () => {
    const to = Float64Array.of(-1, 4);
    expect([...interpolate(Float64Array.of(1, 2, 3), { from, to })]).toEqual([1, 3]);
    expect([...interpolate(Float64Array.of(1, 2, 3), { from, to, beyond: 0 })]).toEqual([0, 0]);
  });
  it('knows one point', () =>
    expect(interpolate(Float64Array.of(7), { from: Float64Array.of(2), to: Float64Array.of(2) })[0]).toBe(7));
});

describe('rebin', () => {
  it('conserves counts when the factor divides the length', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 6 }), (list, factor) => {
        const values = Float64Array.from(Array.from({ length: factor }, () => list).flat());
        expect(sum(rebin(values, { factor }))).toBe(sum(values));
      }),
    );
  });
  it('drops what is left over, and masked channels', () => {
    expect([...rebin(Float64Array.of(1, 2, 3, 4, 5), { factor: 2, mask: Uint8Array.of(0, 1, 0, 0, 0) })]).toEqual([
      1, 7,
    ]);
  });
  it('refuses a factor that does not fit', () => {
    expect(() => rebin(Float64Array.of(1, 2), { factor: 3 })).toThrow('factor is 3, expected an integer from 1 to 2');
  });
});

describe('bridgeMasked', () => {
  it('draws straight lines over gaps and repeats the ends', () => {
    expect([
      ...bridgeMasked(Float64Array.of(0, 2, 0, 0, 8, 0), Uint8Array.of(1, 0, 1, 1, 0, 1), new Float64Array(6)),
    ]).toEqual([2, 2, 4, 6, 8, 8]);
  });
  it('of nothing but masked channels is zero', () => {
    expect([...bridgeMasked(Float64Array.of(5, 5), Uint8Array.of(1, 1), new Float64Array(2))]).toEqual([0, 0]);
  });
});

describe('countRegion', () => {
  const values = Float64Array.of(1, 2, 4, 8, 16, 32);
  it('adds the region of every row', () => {
    expect(countRegion(values, { length: 3, first: 1, end: 3 })).toEqual({ counts: 54, share: 1 });
  });
  it('leaves out masked channels and says what share is left', () => {
    const mask = Uint8Array.of(0, 1, 0, 0, 0, 0);
    expect(countRegion(values, { length: 3, first: 1, end: 3, mask })).toEqual({ counts: 52, share: 0.75 });
    expect(countRegion(values, { length: 6, first: 1, end: 2, mask })).toEqual({ counts: 0, share: 0 });
  });
});
