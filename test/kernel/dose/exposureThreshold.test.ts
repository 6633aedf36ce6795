import { describe, expect, it } from 'vitest';
import { policyExposure } from '../../../src/kernel/dose/exposurePolicy.ts';
import {
  policyFalseAlarm,
  policyThreshold,
  quietPoissonIncrement,
} from '../../../src/kernel/dose/exposureThreshold.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const RATE = 400;
const RATIO = 1.06;
const quiet = quietPoissonIncrement(RATE, RATIO);
const policy = (lo: number, hi: number, raiseAt: number) => (statistic: number) =>
  policyExposure({ lo, hi, raiseAt }, statistic);

/** Share of quiet runs in which a simulated CUSUM passes the threshold. */
function simulate(exposureAt: (statistic: number) => number, threshold: number, frames: number, runs: number): number {
  const random = seedXoshiro128(11, 0);
  let alarms = 0;
  for (let run = 0; run < runs; run++) {
    let statistic = 0;
    for (let k = 0; k < frames && statistic < threshold; k++) {
      const exposure = exposureAt(statistic);
      const counts = nextPoisson(random, exposure * RATE);
      statistic = Math.max(0, statistic + counts * Math.log(RATIO) - exposure * RATE * (RATIO - 1));
    }
    if (statistic >= threshold) alarms++;
  }
  return alarms / runs;
}

describe('the threshold of a policy of exposure', () => {
  it.each([
    ['constant', policy(1, 1, 0)],
    ['two-level', policy(0.05, 1, 0.2)],
    ['with a reserve', policy(0.1, 4, 1)],
  ])('has the false-alarm probability of simulated runs, %s', (_name, exposureAt) => {
    const runs = 2000;
    const probability = policyFalseAlarm(quiet, exposureAt, 5, 300);
    const error = Math.sqrt((probability * (1 - probability)) / runs);
    expect(Math.abs(simulate(exposureAt, 5, 300, runs) - probability)).toBeLessThan(3.5 * error + 0.2 * probability);
  });

  it('is what it was asked for', () => {
    const exposureAt = policy(0.05, 1, 0.2);
    const threshold = policyThreshold(quiet, exposureAt, 1000, 0.01);
    expect(policyFalseAlarm(quiet, exposureAt, threshold, 1000)).toBeCloseTo(0.01, 4);
  });

  it('is lower the dimmer the policy, for there are fewer counts to be misled by', () => {
    const thresholds = [1, 0.3, 0.05].map((lo) => policyThreshold(quiet, policy(lo, 1, 0.2), 1000, 0.01));
    expect(thresholds[0]).toBeGreaterThan(thresholds[1]!);
    expect(thresholds[1]).toBeGreaterThan(thresholds[2]!);
  });

  it('refuses increments that rise by themselves', () => {
    expect(() => policyThreshold({ mean: 0.1, variance: 1 }, () => 1, 100, 0.01)).toThrow(RangeError);
  });
});
