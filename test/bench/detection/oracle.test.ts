import { describe, expect, it } from 'vitest';
import { oracleDelay } from '../../../bench/detection/oracle.ts';
import {
  createWitness,
  divergence,
  drawPeak,
  PROBLEM,
  usualSpectrum,
} from '../../../bench/detection/spectrumProblem.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const usual = usualSpectrum();

describe('the problem of 256 channels', () => {
  it('has the counts it states', () => {
    expect(usual).toHaveLength(PROBLEM.channels);
    expect(usual.reduce((sum, mean) => sum + mean, 0)).toBeCloseTo(PROBLEM.countsPerFrame, 9);
  });

  it.each(PROBLEM.information)('draws peaks of which a frame tells %d nats', (information) => {
    const state = seedXoshiro128(1, 1);
    for (let k = 0; k < 5; k++)
      expect(divergence(drawPeak(usual, information, state).mean, usual)).toBeCloseTo(information, 9);
  });

  it('is weighed by the log-likelihood ratio, whose mean is the information after the change', () => {
    const state = seedXoshiro128(2, 1);
    const witness = createWitness(usual, drawPeak(usual, 0.3, state), state);
    const draws = 20_000;
    let [before, after] = [0, 0];
    for (let k = 0; k < draws; k++) {
      before += Math.exp(witness.draw(false)) / draws;
      after += witness.draw(true) / draws;
    }
    expect(before).toBeCloseTo(1, 1);
    expect(Math.abs(after - 0.3)).toBeLessThan(4 * Math.sqrt(0.7 / draws));
  });
});

describe('the oracle', () => {
  it('has the run length it was set for', () => {
    const nominal = 200;
    const { threshold } = oracleDelay(usual, 1, 3, nominal);
    const state = seedXoshiro128(9, 1);
    const alarms = 600;
    let frames = 0;
    for (let found = 0; found < alarms; found++) {
      const witness = createWitness(usual, drawPeak(usual, 1, state), state);
      for (let evidence = 0; evidence < threshold; frames++) evidence = Math.max(0, evidence + witness.draw(false));
    }
    expect(Math.abs(frames / alarms / nominal - 1)).toBeLessThan(4 / Math.sqrt(alarms));
  });

  it('is later than its yardstick only by its overshoot', () => {
    const { delay, threshold } = oracleDelay(usual, 1, 3);
    expect(delay).toBeGreaterThan(0.8 * threshold);
    expect(delay).toBeLessThan(Math.log(PROBLEM.runLength) + 2);
  });
});
