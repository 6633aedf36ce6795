import { describe, expect, it } from 'vitest';
import { bankMean, bankVariance } from '../../../../src/kernel/dose/damage/bankForecast.ts';
import { characteristicDose } from '../../../../src/kernel/dose/damage/characteristicDose.ts';
import {
  advanceDamage,
  createDamageState,
  giveReference,
  observeDamage,
  resetDamage,
} from '../../../../src/kernel/dose/damage/damageAccount.ts';
import { damageNow, damageOver } from '../../../../src/kernel/dose/damage/damageDistribution.ts';
import { damageReach } from '../../../../src/kernel/dose/damage/damageReach.ts';
import { createDamageWork } from '../../../../src/kernel/dose/damage/damageWork.ts';
import { holdDamage } from '../../../../src/kernel/dose/damage/holdDamage.ts';
import { createBankState, predictBank } from '../../../../src/kernel/dose/damage/kalmanBank.ts';
import { nextNormal } from '../../../../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../../../../src/kernel/random/xoshiro128.ts';

const options = {
  tolerance: 0.05,
  spread: 0.7,
  isExponential: false,
  lowest: 0,
  isReferenceExact: true,
  isGuaranteed: false,
};
const work = createDamageWork(options);
const blank = () => ({ value: 0, low: 0, high: 0 });

/** Exponential damage that is at the tolerance at dose 1, in 50 frames until then. */
function observed(deviation: number, frames: number, seed: number, made = work) {
  const state = createDamageState(made);
  const random = seedXoshiro128(seed, 1);
  for (let t = 0; t < frames; t++) {
    const f = 1 - 0.95 ** ((t + 0.5) / 50);
    observeDamage(state, made, 1 / 50, 1, f + deviation * nextNormal(random), deviation ** 2);
  }
  return state;
}

describe('the account of damage', () => {
  it('is the prior before the first frame: one half at the median, less what has no damage', () => {
    const state = createDamageState(work);
    const over = damageOver(state, work, 1, 1);
    expect(over).toBeGreaterThan(0.3);
    expect(over).toBeLessThan(0.5);
    expect(damageOver(state, work, 0, 1)).toBeLessThan(1e-6);
    expect(damageNow(state, work, blank())).toBeLessThan(1e-6);
  });
  it('rises with the dose to come, and lies between 0 and 1', () => {
    const state = observed(0.01, 20, 3);
    const overs = [0, 0.1, 0.3, 0.6, 1, 3].map((ahead) => damageOver(state, work, ahead, 1));
    overs.forEach((over, k) => {
      expect(over).toBeGreaterThanOrEqual(overs[k - 1] ?? 0);
      expect(over).toBeLessThanOrEqual(1);
    });
  });
  it('finds fraction, dose at tolerance and characteristic dose of good data', () => {
    const state = observed(0.001, 40, 4);
    const [now, reach, own] = [blank(), blank(), blank()];
    damageNow(state, work, now);
    damageReach(state, work, 1, reach);
    characteristicDose(state, work, own);
    const truth = 1 - 0.95 ** 0.8;
    expect(now.low).toBeLessThan(truth);
    expect(now.high).toBeGreaterThan(truth);
    expect(now.high - now.low).toBeLessThan(0.004);
    expect(reach.value).toBeCloseTo(1, 1);
    expect(own.value).toBeCloseTo(-1 / Math.log(0.95), 0);
    expect(own.low).toBeLessThan(own.value);
    expect(own.high).toBeGreaterThan(own.value);
  });
  it('with exponential damage asserted holds the characteristic dose in 93 to 97 % of the intervals', () => {
    const made = createDamageWork({ ...options, isExponential: true });
    const random = seedXoshiro128(11, 2);
    let [inside, all] = [0, 0];
    for (let k = 0; k < 400; k++) {
      const reach = Math.exp(0.7 * nextNormal(random));
      const state = createDamageState(made);
      for (let t = 0; t < 25; t++) {
        const f = 1 - 0.95 ** ((t + 0.5) / 25);
        observeDamage(state, made, reach / 25, 1, f + 0.01 * nextNormal(random), 1e-4);
      }
      const out = blank();
      characteristicDose(state, made, out);
      const truth = -reach / Math.log(0.95);
      all++;
      if (out.low <= truth && truth <= out.high) inside++;
    }
    // 95 % of 400 within two and a half standard deviations.
    expect(inside / all).toBeGreaterThan(0.92);
    expect(inside / all).toBeLessThan(0.98);
  });
  it('changes nothing without dose, and only widens with dose that no frame shows', () => {
    const state = observed(0.005, 25, 6);
    const before = structuredClone(state);
    advanceDamage(state, work, 0, 1);
    expect(state).toEqual(before);
    const deviation = damageNow(state, work, blank());
    advanceDamage(state, work, 0.2, 1);
    expect(damageNow(state, work, blank())).toBeGreaterThan(deviation);
    expect(state.grid.weights).toEqual(before.grid.weights);
  });
  it('waits for damage above a rate when none came below it', () => {
    const slow = createDamageState(work);
    const random = seedXoshiro128(8, 8);
    for (let t = 0; t < 200; t++) observeDamage(slow, work, 0.02, 1, 0.001 * nextNormal(random), 1e-6);
    expect(damageOver(slow, work, 0.6, 16)).toBeGreaterThan(2 * damageOver(slow, work, 0.6, 1));
  });
  it('is the prior again on a fresh area', () => {
    const state = observed(0.01, 30, 5);
    resetDamage(state, work);
    expect(state).toEqual(createDamageState(work));
  });
  it('says about the same when many short frames are taken together', () => {
    const [one, held] = [createDamageState(work), createDamageState(work)];
    let taken = 0;
    for (let t = 0; t < 1000; t++) {
      const f = 1 - 0.95 ** ((t + 0.5) / 2000);
      observeDamage(one, work, 0.0005, 1, f, 1e-3);
      if (holdDamage(held, work, 0.0005, 1, f, 1e-3)) taken++;
    }
    expect(taken).toBe(250);
    expect(damageOver(held, work, 0.3, 1)).toBeCloseTo(damageOver(one, work, 0.3, 1), 2);
  });
  it('knows less when its reference was measured with an error', () => {
    const rough = createDamageWork({ ...options, isReferenceExact: false });
    const state = createDamageState(rough);
    giveReference(state, rough, 1e-4, 0);
    for (let t = 0; t < 40; t++) observeDamage(state, rough, 0.02, 1, 1 - 0.95 ** ((t + 0.5) / 50), 1e-6);
    const deviation = damageNow(state, rough, blank());
    expect(deviation).toBeGreaterThan(1.2 * damageNow(observed(0.001, 40, 4), work, blank()));
  });
});

describe('the bank of filters', () => {
  it('propagates one long dose as two halves, without data', () => {
    const [whole, halves] = [0, 1].map(() => createBankState(work.filters, 0.05));
    predictBank(whole!, work.filters, 0.6);
    predictBank(halves!, work.filters, 0.3);
    predictBank(halves!, work.filters, 0.3);
    whole!.numbers.forEach((value, k) => expect(halves!.numbers[k]).toBeCloseTo(value, 10));
  });
  it('forecasts what it would have propagated', () => {
    const state = createBankState(work.filters, 0.05);
    predictBank(state, work.filters, 0.2);
    const forecast = work.filters.map((filter, k) => [bankMean(state, k, 0.5), bankVariance(state, filter, k, 0.5)]);
    predictBank(state, work.filters, 0.5);
    work.filters.forEach((filter, k) => {
      expect(bankMean(state, k, 0)).toBeCloseTo(forecast[k]![0]!, 12);
      expect(bankVariance(state, filter, k, 0)).toBeCloseTo(forecast[k]![1]!, 10);
    });
  });
});
