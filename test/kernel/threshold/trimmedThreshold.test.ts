import { describe, expect, it } from 'vitest';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import {
  createTrimmedThreshold,
  updateTrim,
  type TrimmedThreshold,
  type TrimOptions,
} from '../../../src/kernel/threshold/trimmedThreshold.ts';

const RUN_LENGTH = 2000;
const STEP = 0.7;
const options: TrimOptions = {
  runLength: RUN_LENGTH,
  every: 100,
  memory: 4000,
  below: 1,
  above: 6,
  learn: 100,
  hold: 100,
  unit: 'logLikelihoodRatio',
};

/** Threshold of the CUSUM of a shift of STEP standard deviations: Siegmund's approximation, solved by bisection. */
const stated = (() => {
  const runLength = (h: number) => {
    const b = h + 1.166 * STEP;
    return (Math.exp(b) - 1 - b) / (STEP * STEP * 0.5);
  };
  let [low, high] = [0, 20];
  for (let k = 0; k < 60; k++) {
    const middle = 0.5 * (low + high);
    if (runLength(middle) < RUN_LENGTH) low = middle;
    else high = middle;
  }
  return low;
})();

/** Frames of a CUSUM that goes on after an alarm. */
interface Course {
  readonly frames: number;
  readonly seed?: number;
  /** Variance over what the threshold supposes. */
  readonly dispersion?: number;
  readonly from?: TrimmedThreshold;
  shift?(k: number): number;
}

/** Runs it; `trimmed: false` holds the statistic against the stated threshold. */
function run({ frames, seed = 1, dispersion = 1, from, shift = () => 0 }: Course, trimmed: boolean) {
  const random = seedXoshiro128(seed, 0);
  const state = from === undefined ? createTrimmedThreshold() : { ...from };
  const alarms: number[] = [];
  const trims: number[] = [];
  let statistic = 0;
  let isOver = true;
  for (let k = 0; k < frames; k++) {
    const x = Math.sqrt(dispersion) * nextNormal(random) + shift(k);
    statistic = Math.max(0, statistic + STEP * x - 0.5 * STEP * STEP);
    updateTrim(state, statistic, stated, options);
    const threshold = trimmed ? state.threshold : stated;
    if (statistic >= threshold && isOver) {
      alarms.push(k);
      isOver = false;
    }
    if (statistic < 0.5 * threshold) isOver = true;
    trims.push(state.trim);
  }
  return { alarms, trims, state };
}

describe('a trimmed threshold', () => {
  it('leaves alone a threshold that is right', () => {
    const { alarms, trims } = run({ frames: 200_000 }, true);
    const mean = trims.reduce((a, b) => a + b) / trims.length;
    // Half an e-fold: the passes of a CUSUM cluster a little, and the trim errs towards silence.
    expect(Math.abs(mean)).toBeLessThan(0.6);
    // 100 are expected without trim.
    expect(alarms.length).toBeGreaterThan(45);
    expect(alarms.length).toBeLessThan(150);
  });

  it('brings the false alarms of noise 1.3 times Poisson back to nominal within two memories', () => {
    const settle = 2 * options.memory;
    const course = { frames: settle + 200_000, dispersion: 1.3 };
    const after = (alarms: readonly number[]) => alarms.filter((k) => k >= settle).length / 100;
    expect(after(run(course, false).alarms)).toBeGreaterThan(2.5);
    const back = after(run(course, true).alarms);
    expect(back).toBeGreaterThan(0.6);
    expect(back).toBeLessThan(1.4);
  });

  it('finds a change that grows by one per cent per frame with at most a fifth more delay', () => {
    let [plain, trimmed] = [0, 0];
    for (let seed = 1; seed <= 100; seed++) {
      const begin = 6000;
      // One per cent of 100 counts, in standard deviations.
      const course = { frames: begin + 200, seed, shift: (k: number) => 0.1 * Math.max(k - begin, 0) };
      const delay = (isTrimmed: boolean) =>
        (run(course, isTrimmed).alarms.find((k) => k >= begin) ?? begin + 200) - begin + 1;
      plain += delay(false);
      trimmed += delay(true);
    }
    expect(plain / 100).toBeGreaterThan(5);
    expect(trimmed / plain).toBeLessThan(1.2);
  });

  it('does not absorb a change that persists, however long it lasts', () => {
    const quiet = run({ frames: 6000 }, true);
    const before = quiet.state;
    const changed = run({ frames: 50_000, seed: 2, from: before, shift: () => 0.6 }, true);
    expect(changed.state.trim).toBeLessThan(before.trim + 0.2);
    expect(changed.state.isEvidenceHigh).toBe(true);
    expect(changed.state.waiting).toBe(options.hold);
    expect(changed.alarms[0]).toBeLessThan(100);
  });

  it('stays within its bounds, and says so', () => {
    const loud = run({ frames: 100_000, dispersion: 3 }, true);
    expect(Math.max(...loud.trims)).toBeLessThanOrEqual(options.above + 1e-12);
    expect(loud.trims.filter((trim) => trim > options.above - 0.1).length).toBeGreaterThan(1000);
    const silent = createTrimmedThreshold();
    for (let k = 0; k < 100_000; k++) updateTrim(silent, 0, stated, options);
    expect(silent.trim).toBeCloseTo(-options.below, 9);
    expect(silent.isAtBound).toBe(true);
  });

  it('waits while it learns, while evidence is high and for a stated time after', () => {
    const state = createTrimmedThreshold();
    const next = (statistic: number) => updateTrim(state, statistic, stated, options);
    next(0);
    expect(state).toMatchObject({ isLearning: true, waiting: 99, trim: 0 });
    for (let k = 1; k < 101; k++) next(0);
    expect(state).toMatchObject({ isLearning: false, waiting: 0 });
    next(stated);
    expect(state).toMatchObject({ isEvidenceHigh: true, waiting: 100 });
    const { lift } = state;
    next(0);
    expect(state).toMatchObject({ isEvidenceHigh: false, waiting: 99, lift });
    for (let k = 1; k < 100; k++) next(0);
    expect(state).toMatchObject({ waiting: 0, lift });
    next(0);
    expect(state.lift).toBeLessThan(lift);
  });

  it('judges a frame by the frames before it: a pass does not raise the threshold it is held against', () => {
    const { state } = run({ frames: 1000 }, true);
    for (let k = 0; k < 200; k++) updateTrim(state, 0, stated, options);
    const before = state.threshold;
    updateTrim(state, stated, stated, options);
    expect(state.threshold).toBeLessThanOrEqual(before);
    updateTrim(state, 0, stated, options);
    expect(state.threshold).toBeGreaterThan(before);
  });

  it('does not move at all where the evidence is never low for long', () => {
    const { state, trims } = run({ frames: 20_000, dispersion: 6 }, true);
    expect(Math.max(...trims)).toBeLessThan(1);
    expect(state.waiting).toBeGreaterThan(0);
  });

  it('leaves alone a threshold too low to have a lower level', () => {
    const state = createTrimmedThreshold();
    for (let k = 0; k < 1000; k++) updateTrim(state, 0, 1, options);
    expect(state).toMatchObject({ threshold: 1, trim: 0, isAtBound: true });
  });

  it('works on deviations, whose half squares thin out by e-folds', () => {
    const random = seedXoshiro128(4, 0);
    const state = createTrimmedThreshold();
    const scale = Math.sqrt(1.3);
    const z = { ...options, runLength: 1000, unit: 'deviations' } as const;
    // A normal number passes 3.0902 once in 1000 frames.
    let [sum, count] = [0, 0];
    for (let k = 0; k < 100_000; k++) {
      updateTrim(state, scale * nextNormal(random), 3.0902, z);
      if (k < 20_000) continue;
      sum += state.threshold;
      count++;
    }
    expect(Math.abs(sum / count / (3.0902 * scale) - 1)).toBeLessThan(0.06);
  });
});
