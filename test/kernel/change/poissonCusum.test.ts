import { describe, expect, it } from 'vitest';
import { createPoissonCusumState, onsetInterval, updatePoissonCusum } from '../../../src/kernel/change/poissonCusum.ts';
import { poissonCusumArl } from '../../../src/kernel/change/poissonCusumArl.ts';
import { poissonCusumSidesArl, poissonCusumThreshold } from '../../../src/kernel/change/poissonCusumThreshold.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const RUNS = 2500;

/** Mean run length of simulated statistics and its standard error. */
function simulate(
  rate: number,
  ratios: readonly number[],
  threshold: number,
  seed: number,
): { mean: number; error: number } {
  const random = seedXoshiro128(seed, 0);
  let total = 0;
  let squares = 0;
  for (let run = 0; run < RUNS; run++) {
    const states = ratios.map(createPoissonCusumState);
    let frames = 0;
    let highest = 0;
    while (highest < threshold) {
      const counts = nextPoisson(random, rate);
      frames++;
      highest = 0;
      for (let k = 0; k < ratios.length; k++)
        highest = Math.max(highest, updatePoissonCusum(states[k]!, counts, 1, frames, { rate, ratio: ratios[k]! }));
    }
    total += frames;
    squares += frames * frames;
  }
  const mean = total / RUNS;
  return { mean, error: Math.sqrt((squares / RUNS - mean * mean) / RUNS) };
}

describe('the average run length of a Poisson CUSUM', () => {
  it.each([
    [0.1, 1.5, 2],
    [1, 2, 3.9],
    [1, 0.5, 2.9],
    [1, 0.5, 3],
    [0.5, 0.5, 1.5],
    [10, 1.5, 4],
    [10, 1 / 1.5, 4],
    [100, 1.1, 3],
    [100, 1 / 1.1, 3],
    [1000, 1.1, 3],
    [3e6, 1.001, 3],
    [3e6, 1 / 1.001, 3],
  ])('is that of simulated runs at rate %d, ratio %d, threshold %d', (rate, ratio, threshold) => {
    const { mean, error } = simulate(rate, [ratio], threshold, 7);
    expect(Math.abs(poissonCusumArl(rate, ratio, threshold) - mean)).toBeLessThan(3.5 * error);
  });

  it.each([
    [10, 1.5, 4],
    [200, 1.1, 3.5],
  ])(
    'of both sides together is that of simulated runs at rate %d, ratio %d, threshold %d',
    (rate, ratio, threshold) => {
      const { mean, error } = simulate(rate, [ratio, 1 / ratio], threshold, 8);
      expect(Math.abs(poissonCusumSidesArl(rate, ratio, threshold, 'both') - mean)).toBeLessThan(3.5 * error);
    },
  );

  it('grows with the threshold', () => {
    const lengths = [1, 2, 4, 8].map((threshold) => poissonCusumArl(5, 1.4, threshold));
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  });

  it('gives back the run length that a threshold was asked for', () => {
    const threshold = poissonCusumThreshold(40, 1.2, 10_000, 'both');
    const length = poissonCusumSidesArl(40, 1.2, threshold, 'both');
    expect(length).toBeGreaterThanOrEqual(10_000);
    expect(length).toBeLessThan(10_200);
  });

  it.each([
    [0.1, 1.5, 1000],
    [3, 1.2, 1e5],
    [40, 1.1, 1e6],
    [1000, 1.05, 1e9],
    [5, 3, 50],
  ])('is not undercut by the threshold for it at rate %d, ratio %d, run length %d', (rate, ratio, runLength) => {
    const threshold = poissonCusumThreshold(rate, ratio, runLength, 'both');
    expect(poissonCusumSidesArl(rate, ratio, threshold, 'both')).toBeGreaterThanOrEqual(runLength);
    expect(poissonCusumSidesArl(rate, ratio, threshold - 2e-3, 'both')).toBeLessThan(1.005 * runLength);
  });

  it('of a stream as bright as can be is found without counting to its rate', () => {
    const threshold = poissonCusumThreshold(1e13, 1.2, 1e5, 'both');
    expect(threshold).toBeGreaterThan(0);
    expect(poissonCusumSidesArl(1e13, 1.2, threshold, 'both')).toBeGreaterThanOrEqual(1e5);
  });

  it.each([
    [0, 1.5, 1],
    [1, 1, 1],
    [1, 1.5, 0],
    [NaN, 1.5, 1],
  ])('refuses rate %d, ratio %d, threshold %d', (rate, ratio, threshold) => {
    expect(() => poissonCusumArl(rate, ratio, threshold)).toThrow(RangeError);
  });
});

describe('the Poisson CUSUM', () => {
  it('forgets while nothing happens and remembers when it began', () => {
    const state = createPoissonCusumState();
    [10, 10, 10, 20, 20].forEach((counts, k) => updatePoissonCusum(state, counts, 1, k * 100, { rate: 10, ratio: 2 }));
    expect(state.sinceUs).toBe(300);
    expect(state.statistic).toBeCloseTo(40 * Math.log(2) - 20, 12);
  });

  it('of a rate learned from very much is that of a known rate', () => {
    const known = createPoissonCusumState();
    const learned = createPoissonCusumState();
    for (const counts of [12, 15, 9, 18, 20]) {
      updatePoissonCusum(known, counts, 1, 0, { rate: 10, ratio: 1.3 });
      updatePoissonCusum(learned, counts, 1, 0, { rate: 10, ratio: 1.3, learnedExposure: 1e9 });
    }
    expect(learned.statistic).toBeCloseTo(known.statistic, 5);
  });

  it('of a rate learned from little is slower to believe, by the error of the rate', () => {
    const runLength = (learnedExposure: number): number => {
      const random = seedXoshiro128(3, 0);
      let total = 0;
      for (let run = 0; run < 300; run++) {
        const rate = nextPoisson(random, 50 * 20) / 50;
        const state = createPoissonCusumState();
        for (let k = 0; k < 2000; k++, total++)
          if (updatePoissonCusum(state, nextPoisson(random, 20), 1, k, { rate, ratio: 1.1, learnedExposure }) >= 5)
            break;
      }
      return total / 300;
    };
    expect(runLength(50)).toBeGreaterThan(1.2 * runLength(Infinity));
  });

  it('takes a longer exposure for as many more counts', () => {
    const state = createPoissonCusumState();
    expect(updatePoissonCusum(state, 30, 3, 0, { rate: 10, ratio: 1.5 })).toBe(0);
    expect(updatePoissonCusum(state, 60, 3, 0, { rate: 10, ratio: 1.5 })).toBeGreaterThan(5);
    expect(updatePoissonCusum(state, 60, 0, 0, { rate: 10, ratio: 1.5 })).toBe(state.statistic);
  });

  it('is surer of the onset of a larger change, and never later than now', () => {
    const state = { counts: 150, exposure: 10, frameCount: 10, sinceUs: 0, statistic: 9 };
    const half = (counts: number): number => -onsetInterval({ ...state, counts }, 10, 900, 100)[0];
    expect(half(110)).toBeGreaterThan(half(150));
    expect(half(150)).toBeGreaterThan(half(200));
    expect(half(0)).toBe(100);
    expect(onsetInterval({ ...state, counts: 110 }, 10, 900, 100)[1]).toBe(900);
    expect(onsetInterval({ ...state, frameCount: 1, counts: 1000 }, 10, 0, 100)).toEqual([-100, 0]);
  });
});
