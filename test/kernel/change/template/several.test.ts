import { describe, expect, it } from 'vitest';
import { judgeSeveral } from '../../../../src/kernel/change/templateLikelihood.ts';
import { createTemplateSums } from '../../../../src/kernel/change/templateSums.ts';

/** Evidence of several peaks in a window of variance 1, one template to a block. */
function severalOf(excess: readonly number[]): number {
  const n = excess.length;
  const sums = createTemplateSums(n, 10);
  const templates = {
    excess: Float64Array.from(excess),
    skewness: new Float64Array(n),
    doubt: new Float64Array(n),
    blocks: Int32Array.from({ length: n + 1 }, (_, i) => i),
    said: new Float64Array(n),
    mostSkewed: [0, 0] as const,
    wander: new Float64Array(n),
    isTempered: false,
    dispersion: 1,
    up: true,
    down: true,
  };
  judgeSeveral(sums, templates, 0, 1, 0);
  return sums.several[0]!;
}

describe('evidence of several peaks', () => {
  it('grows with every peak, and stays a number beyond all doubt', () => {
    let before = 0;
    for (const size of [4, 10, 14, 14.2, 40, 1e3]) {
      const two = severalOf([size, 0, 0, size, 0]);
      expect(two).toBeGreaterThan(before);
      expect(two).toBeCloseTo(2 * severalOf([0, size, 0, 0, 0]), 6);
      expect(two).toBeLessThan(Infinity);
      before = two;
    }
  });

  it('does not count a peak twice that shows in two neighbouring blocks', () => {
    expect(severalOf([0, 9, 8, 0, 0])).toBe(severalOf([0, 9, 0, 0, 0]));
  });
});
