import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseLls, lls } from '../../../src/kernel/background/lls.ts';
import { snip, type SnipOptions } from '../../../src/kernel/background/snip.ts';

/** Straight from the definition, with two arrays. */
function plainSnip(
  counts: Float64Array,
  { halfWidth, order = 'decreasing', lls: transforms = true }: SnipOptions,
): number[] {
  const n = counts.length;
  let v = [...counts].map((y) => (transforms ? Math.log(Math.log(Math.sqrt(Math.max(0, y) + 1) + 1) + 1) : y));
  const widest = Math.min(halfWidth, Math.floor((n - 1) / 2));
  for (let pass = 1; pass <= widest; pass++) {
    const p = order === 'increasing' ? pass : widest + 1 - pass;
    const before = v;
    v = before.map((own, i) => (i < p || i >= n - p ? own : Math.min(own, (before[i - p]! + before[i + p]!) / 2)));
  }
  return transforms ? v.map((own) => (Math.exp(Math.exp(own) - 1) - 1) ** 2 - 1) : v;
}

describe('SNIP', () => {
  it('is the published definition, for every length, half width, order and transform', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('increasing' as const, 'decreasing' as const),
        fc.boolean(),
        (list, halfWidth, order, transforms) => {
          const counts = Float64Array.from(list);
          const want = plainSnip(counts, { halfWidth, order, lls: transforms });
          const got = snip(counts, { halfWidth, order, lls: transforms });
          want.forEach((value, i) => expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(1e-6 + 1e-8 * value));
        },
      ),
    );
  });

  it('never lies above raw counts and leaves a straight line alone', () => {
    const line = Float64Array.from({ length: 40 }, (_, i) => 3 * i + 10);
    expect([...snip(line, { halfWidth: 10, lls: false })]).toEqual([...line]);
    const peak = line.map((y, i) => y + (i === 20 ? 100 : 0));
    expect(snip(peak, { halfWidth: 10, lls: false }).every((b, i) => b <= peak[i]!)).toBe(true);
  });

  it('leaves its input alone and refuses to write into it', () => {
    const counts = Float64Array.of(1, 9, 1);
    snip(counts, { halfWidth: 1 });
    expect([...counts]).toEqual([1, 9, 1]);
    expect(() => snip(counts, { halfWidth: 1 }, counts)).toThrow(RangeError);
  });

  it('transforms back what it transformed, beyond its tables too', () => {
    const counts = Float64Array.of(0, 0.5, 1, 16_383, 16_384, 1e6, 1e9, 1e11);
    const back = inverseLls(
      counts.map((_, i) => 0 * i),
      new Float64Array(8),
    );
    lls(counts, back);
    inverseLls(back, back).forEach((value, i) =>
      expect(Math.abs(value - counts[i]!)).toBeLessThanOrEqual(1e-8 + 1e-8 * counts[i]!),
    );
  });

  it('counts the values below zero that it had to raise', () => {
    expect(lls(Float64Array.of(-1, 0, 3, -0.5), new Float64Array(4))).toBe(2);
  });
});
