import { describe, expect, it } from 'vitest';
import { countTail } from '../../../src/kernel/change/countTail.ts';
import { scanCounts, widenRegion, type ScanPeak } from '../../../src/kernel/change/windowScan.ts';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const SIZE = 200;
const widths = [1, 3, 7];
const peakOf = (): ScanPeak => ({ z: 0, sign: 0, from: 0, to: 0 });

function cumulated(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length + 1);
  values.forEach((value, i) => (out[i + 1] = out[i]! + value));
  return out;
}

describe('scanCounts', () => {
  it.each([
    [0.02, 0],
    [0.1, 0.02],
    [2, 0.25],
    [70, 0.02],
    [5000, 1],
  ])('finds the box of the largest exact tail at %d counts per channel and exposure ratio %d', (mean, ratio) => {
    const random = seedXoshiro128(11, 0);
    const means = new Float64Array(SIZE).fill(mean);
    const counts = new Float64Array(SIZE);
    const signs = new Set<number>();
    for (let frame = 0; frame < 60; frame++) {
      fillPoisson(random, means, counts);
      const peak = peakOf();
      const excess = cumulated(counts.map((count) => count - mean));
      scanCounts(excess, cumulated(means), { widths, ratio }, peak);
      let largest = 0;
      for (const width of widths)
        for (let i = 0; i + width <= SIZE; i++) {
          const sum = counts.subarray(i, i + width).reduce((a, b) => a + b, 0);
          largest = Math.max(largest, Math.abs(countTail(sum, mean * width, ratio)));
        }
      expect(peak.z).toBeCloseTo(largest, 8);
      signs.add(peak.sign);
    }
    expect(signs.size).toBeGreaterThanOrEqual(mean < 2 ? 1 : 2);
  });

  it('scans again where no box is beyond 3 standard deviations', () => {
    const excess = cumulated(new Float64Array(SIZE).map((_, i) => (i === 50 ? 8 : 0)));
    const peak = peakOf();
    scanCounts(excess, cumulated(new Float64Array(SIZE).fill(100)), { widths: [1], ratio: 0 }, peak);
    expect(peak).toMatchObject({ sign: 1, from: 50, to: 50 });
    expect(peak.z).toBeCloseTo(0.8, 1);
  });
});

it('widens the best box over its neighbours of the same sign', () => {
  const excess = cumulated(new Float64Array(20).map((_, i) => (i >= 8 && i < 14 ? -5 : 0)));
  const peak: ScanPeak = { z: 5, sign: -1, from: 9, to: 11 };
  widenRegion(excess, peak);
  expect([peak.from, peak.to]).toEqual([7, 14]);
});
