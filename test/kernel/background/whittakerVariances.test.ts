import { describe, expect, it } from 'vitest';
import { createWhittakerWorkspace, whittaker } from '../../../src/kernel/background/whittaker.ts';
import {
  createWhittakerVariancesWorkspace,
  whittakerVariances,
} from '../../../src/kernel/background/whittakerVariances.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

/** Column by column: what the smoother makes of one channel alone. */
function byColumns(weights: Float64Array, lambda: number, variances: Float64Array): Float64Array {
  const n = weights.length;
  const sum = new Float64Array(n);
  const work = createWhittakerWorkspace(n);
  const right = new Float64Array(n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    right.fill(0);
    right[j] = weights[j]!;
    whittaker(right, { weights, lambda }, work, column);
    for (let i = 0; i < n; i++) sum[i]! += column[i]! ** 2 * variances[j]!;
  }
  return sum;
}

describe('the variances of a Whittaker smoother', () => {
  it.each([
    [3, 10],
    [4, 10],
    [5, 1e3],
    [60, 1e2],
    [61, 1e5],
    [400, 1e9],
    [1500, 1e7],
  ])('are those of its columns: %i channels, lambda %d', (n, lambda) => {
    const random = seedXoshiro128(n, 0);
    const weights = Float64Array.from({ length: n }, () => (nextPoisson(random, 1) > 1 ? 0.01 : 0.99));
    const variances = Float64Array.from({ length: n }, () => 1 + nextPoisson(random, 50));
    const got = whittakerVariances(
      { weights, lambda, variances },
      createWhittakerVariancesWorkspace(n),
      new Float64Array(n),
    );
    const want = byColumns(weights, lambda, variances);
    for (let i = 0; i < n; i++) expect(got[i]! / want[i]!).toBeCloseTo(1, 4);
  });
});
