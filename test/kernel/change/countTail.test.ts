import { describe, expect, it } from 'vitest';
import { countTail } from '../../../src/kernel/change/countTail.ts';
import { normalTail } from '../../../src/kernel/change/normalTail.ts';

/** P(X > k) + P(X = k) / 2 of a Poisson number, summed term by term. */
function midP(k: number, mean: number): number {
  let term = Math.exp(-mean);
  for (let j = 1; j <= k; j++) term *= mean / j;
  let tail = 0.5 * term;
  for (let j = k + 1; j < k + 200; j++) tail += term *= mean / j;
  return tail;
}

describe('countTail', () => {
  it.each([
    [3, 0.05],
    [5, 0.25],
    [9, 1],
    [25, 7],
    [140, 90],
  ])('has the mid-p tail of %d counts where %d are expected, to 15 %', (count, mean) => {
    expect(normalTail(countTail(count, mean, 0)) / midP(count, mean)).toBeCloseTo(1, 0);
    expect(Math.abs(Math.log(normalTail(countTail(count, mean, 0)) / midP(count, mean)))).toBeLessThan(0.15);
  });

  it('is negative for too few counts, and none at all is the least', () => {
    expect(countTail(0, 12, 0)).toBeLessThan(countTail(2, 12, 0));
    expect(countTail(2, 12, 0)).toBeLessThan(-3);
  });

  it('is less surprised when the expectation was itself counted', () => {
    expect(countTail(30, 10, 1)).toBeLessThan(countTail(30, 10, 0.1));
    expect(countTail(3, 0, 1 / 300)).toBeGreaterThan(0);
  });
});
