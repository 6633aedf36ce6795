import { describe, expect, it } from 'vitest';
import { cumulantLikelihood } from '../../../../src/kernel/change/cumulantLikelihood.ts';

describe('the cumulant-matched likelihood', () => {
  it('is the Gaussian form where there is no skewness', () => {
    for (const excess of [-30, -1, 0, 0.2, 7]) expect(cumulantLikelihood(excess, 5, 0, 0)).toBe((excess * excess) / 10);
  });

  it('is the exact Poisson likelihood ratio of the counts of one channel', () => {
    for (const mean of [0.04, 1, 30, 1e4])
      for (const counts of [0, 1, 2, 5, 30, 31, 200, 1e4, 10_003, 12_000]) {
        const exact = (counts === 0 ? 0 : counts * Math.log(counts / mean)) - (counts - mean);
        const given = cumulantLikelihood(counts - mean, mean, 1, 0);
        // What is left of the difference of two large numbers carries their rounding.
        expect(Math.abs(given - exact)).toBeLessThan(1e-7 * exact + 1e-13 * (counts + mean) + 1e-12);
      }
  });

  it('grows with the excess to either side, whatever the skewness and the doubt', () => {
    for (const skewness of [-2, -0.3, -1e-4, 0, 1e-4, 0.3, 2])
      for (const doubt of [0, 0.01, 0.5])
        for (const sign of [1, -1]) {
          const said = Array.from({ length: 2000 }, (_, k) => cumulantLikelihood(0.02 * k * sign, 4, skewness, doubt));
          const falls = said.findIndex((likelihood, k) => k > 0 && !(likelihood >= said[k - 1]!));
          expect(falls, `skewness ${skewness}, doubt ${doubt}, sign ${sign}`).toBe(-1);
        }
  });

  it('says less of the same excess when the variance is doubtful: as the logarithm of Student t', () => {
    const certain = cumulantLikelihood(10, 4, 0, 0);
    const doubtful = cumulantLikelihood(10, 4, 0, 0.2);
    expect(doubtful).toBeLessThan(certain);
    expect(doubtful).toBeCloseTo(Math.log(1 + 0.2 * certain) / 0.2, 12);
  });
});
