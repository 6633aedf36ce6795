import { describe, expect, it } from 'vitest';
import { fitPoisson } from '../../../bench/simulators/poissonFit.ts';
import { drawTogether, POISSON_MEANS } from '../../../bench/simulators/poissonPart.ts';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const DRAWS = 100_000;

describe('Poisson numbers made many in one go', () => {
  it('follow the distribution at every mean while neighbours are made in other ways', () => {
    drawTogether(POISSON_MEANS, DRAWS, 17).forEach((counts, k) => {
      const fit = fitPoisson(POISSON_MEANS[k]!, counts);
      expect(fit.p).toBeGreaterThan(1e-4);
      expect(Math.abs(fit.meanDeviation)).toBeLessThan(4);
      expect(Math.abs(fit.varianceDeviation)).toBeLessThan(4);
    });
  });
});

describe('the fit', () => {
  it.each([12, 100])('refuses rounded normal numbers of mean %d', (mean) => {
    const state = seedXoshiro128(3, 1);
    const rounded = Float64Array.from({ length: DRAWS }, () =>
      Math.max(0, Math.round(mean + Math.sqrt(mean) * nextNormal(state))),
    );
    expect(fitPoisson(mean, rounded).p).toBeLessThan(1e-6);
  });

  it('refuses numbers of a mean that is one per cent off', () => {
    const [counts] = drawTogether([101], DRAWS, 5);
    expect(fitPoisson(100, counts!).p).toBeLessThan(1e-6);
    expect(Math.abs(fitPoisson(101, counts!).meanDeviation)).toBeLessThan(4);
  });

  it('gives p-values that are spread evenly when all is well', () => {
    const p = Array.from({ length: 100 }, (_, seed) => fitPoisson(20, drawTogether([20], 5000, seed)[0]!).p);
    expect(p.filter((each) => each < 0.5).length).toBeGreaterThan(30);
    expect(p.filter((each) => each < 0.5).length).toBeLessThan(70);
    expect(Math.min(...p)).toBeGreaterThan(1e-4);
  });
});
