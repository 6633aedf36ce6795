import { describe, expect, it } from 'vitest';
import { createEDetector, eDetectorRatios, updateEDetector } from '../../../src/kernel/change/eDetector.ts';
import { windowBonus, windowBonusBound } from '../../../src/kernel/change/focusBonus.ts';
import { advanceFocusHull, createFocusHull } from '../../../src/kernel/change/focusHull.ts';
import { focusRunLength, focusThreshold } from '../../../src/kernel/change/focusThreshold.ts';
import { studentToNormal, updateGaussianFocus } from '../../../src/kernel/change/gaussianFocus.ts';
import { updatePageHinkley } from '../../../src/kernel/change/pageHinkley.ts';
import { deviance, devianceBound } from '../../../src/kernel/change/poissonDeviance.ts';
import { createFocusSide, updatePoissonFocus } from '../../../src/kernel/change/poissonFocus.ts';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const known = { memory: Infinity, bonus: false, learnedCounts: Infinity, dispersion: 1, level: 0 } as const;
const CELL = { rate: 3, sides: 'both', memory: 1000, learnedFrames: Infinity } as const;

describe('FOCuS', () => {
  it('finds the maximum over all windows of values with variances of their own', () => {
    const random = seedXoshiro128(1, 0);
    const side = createFocusSide();
    const frames: { info: number; score: number }[] = [];
    for (let t = 0; t < 150; t++) {
      const info = 0.5 + (t % 7);
      const score = info * (nextNormal(random) / Math.sqrt(info) - (t > 100 ? 0.4 : 0));
      frames.push({ info, score });
      const options = { sign: -1, memory: Infinity, bonus: false, learnedInfo: Infinity, degrees: Infinity } as const;
      const got = updateGaussianFocus(side, info, score, t, options);
      let [best, a, s] = [0, 0, 0];
      for (const frame of [...frames].reverse()) {
        a += frame.info;
        s += frame.score;
        if (s < 0) best = Math.max(best, (0.5 * s * s) / a);
      }
      expect(got).toBeCloseTo(best, 9);
    }
  });

  it('gives up the corner that matters least when there is no room, and says how often', () => {
    const random = seedXoshiro128(2, 0);
    const [full, small] = [createFocusSide(), createFocusSide(6)];
    let worst = 0;
    for (let t = 0; t < 3000; t++) {
      const counts = nextPoisson(random, t > 2900 ? 13 : 10);
      const want = updatePoissonFocus(full, counts, 10, t, { sign: 1, ...known });
      worst = Math.max(worst, want - updatePoissonFocus(small, counts, 10, t, { sign: 1, ...known }));
    }
    expect(full.hull.merged).toBe(0);
    expect(small.hull.merged).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1);
  });

  it('drops windows longer than its memory, and a frame without information', () => {
    const hull = createFocusHull();
    for (let t = 0; t < 500; t++) advanceFocusHull(hull, 1, 0.1 + t / 1000, t, 20);
    expect(hull.frames - hull.firsts[0]!).toBeLessThanOrEqual(20);
    const side = createFocusSide();
    for (const expected of [0, -1, NaN])
      expect(updatePoissonFocus(side, 9, expected, 0, { sign: 1, ...known })).toBe(0);
  });

  it.each([Infinity, 2000])(
    'is exact from the level on, and below it where it is below (learned from %s)',
    (learnedCounts) => {
      const random = seedXoshiro128(5, 0);
      const [exact, lazy] = [createFocusSide(), createFocusSide()];
      const options = { sign: 1, memory: 200, bonus: true, learnedCounts, dispersion: 1 } as const;
      let passed = 0;
      for (let t = 0; t < 6000; t++) {
        const counts = nextPoisson(random, t % 1000 > 950 ? 13 : 10);
        const want = updatePoissonFocus(exact, counts, 10, t, { ...options, level: 0 });
        const got = updatePoissonFocus(lazy, counts, 10, t, { ...options, level: 6 });
        if (want >= 6) passed++;
        if (want >= 6 || got >= 6) expect(got).toBe(want);
        else expect(got).toBeGreaterThanOrEqual(want - 1e-9);
      }
      expect(passed).toBeGreaterThan(20);
    },
  );

  it('trusts a learned expectation as far as it was learned', () => {
    const statistic = (learnedCounts: number) =>
      updatePoissonFocus(createFocusSide(), 140, 100, 0, { sign: 1, ...known, learnedCounts });
    const [X, B, N] = [140, 100, 200];
    expect(statistic(N)).toBeCloseTo(X * Math.log(X / B) - (X + N) * Math.log((X + N) / (B + N)), 9);
    expect(statistic(1e12)).toBeCloseTo(statistic(Infinity), 6);
  });

  it('works out the deviance to its last digits, and a bound that is never below', () => {
    for (const b of [1e-3, 1, 50, 1e6])
      for (const share of [-1, -0.9, -0.2, -1e-3, 0, 1e-6, 0.04, 0.3, 5, 1e3]) {
        const d = b * share;
        const counts = b + d;
        const want = counts > 0 ? counts * Math.log1p(share) - d : b;
        expect(Math.abs(deviance(b, d) - want)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(d) + counts));
        expect(devianceBound(b, d)).toBeGreaterThanOrEqual(want * (1 - 1e-9) - 1e-9);
      }
    expect(windowBonus(14)).toBeCloseTo(1.15 * Math.LN2, 12);
    expect(windowBonus(1.4e5)).toBeCloseTo(1.15 * Math.log(1e4 + 1), 12);
    for (const h of [0, 1, 4095, 4096, 5000, 1e6, 4096 * 4096 - 1, 1e9]) {
      expect(windowBonusBound(h)).toBeGreaterThanOrEqual(windowBonus(h));
      expect(windowBonusBound(h)).toBeLessThan(windowBonus(h) + 1);
    }
  });

  it("brings Student's t to the normal scale: the 0.5 % point of 9 degrees is that of the normal", () => {
    expect(Math.sqrt(2 * studentToNormal(0.5 * 3.2498 ** 2, 9))).toBeCloseTo(2.5758, 1);
    expect(studentToNormal(7, Infinity)).toBe(7);
  });
});

describe('The threshold of FOCuS', () => {
  it('rises by about one unit per e-fold of run length, and is inverted', () => {
    for (const runLength of [1e2, 1e3, 1e4, 1e6]) {
      const threshold = focusThreshold(runLength, CELL);
      expect(focusRunLength(threshold, CELL) / runLength).toBeCloseTo(1, 3);
      const step = focusThreshold(Math.E * runLength, CELL) - threshold;
      expect(step).toBeGreaterThan(0.8);
      expect(step).toBeLessThan(1.5);
    }
    expect(() => focusThreshold(1, CELL)).toThrow(RangeError);
    expect(() => focusThreshold(100, { ...CELL, rate: 0 })).toThrow(RangeError);
  });

  it.each([0.5, 30])('is reached as rarely as it says, at %d counts per frame', (rate) => {
    const random = seedXoshiro128(3, rate);
    const options = { ...known, memory: 1000, bonus: true };
    const threshold = focusThreshold(300, { ...CELL, rate });
    let frames = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const [up, down] = [createFocusSide(), createFocusSide(4)];
      for (let isQuiet = true; isQuiet; frames++) {
        const counts = nextPoisson(random, rate);
        const rise = updatePoissonFocus(up, counts, rate, 0, { sign: 1, ...options });
        isQuiet = Math.max(rise, updatePoissonFocus(down, counts, rate, 0, { sign: -1, ...options })) < threshold;
      }
    }
    // 10 %, and two and a half standard errors of 400 runs.
    expect(Math.abs(frames / runs / 300 - 1)).toBeLessThan(0.225);
  });
});

describe('What it is compared with', () => {
  it('an e-detector, raises no more false alarms than it promises, and finds a rise and a fall', () => {
    const random = seedXoshiro128(4, 0);
    const ratios = Float64Array.of(...eDetectorRatios(3, 200, 1), ...eDetectorRatios(3, 200, -1));
    expect([...ratios.slice(0, 6)].every((ratio) => ratio > 1)).toBe(true);
    const runLength = (rate: number) => {
      let frames = 0;
      for (let run = 0; run < 200; run++) {
        const state = createEDetector(ratios.length);
        do frames++;
        while (updateEDetector(state, nextPoisson(random, rate), 3, ratios) < 200);
      }
      return frames / 200;
    };
    expect(runLength(3)).toBeGreaterThan(200);
    expect(runLength(6)).toBeLessThan(10);
    expect(runLength(1)).toBeLessThan(15);
  });

  it('Page-Hinkley, adds what is above its tolerance, and forgets what is below', () => {
    const state = { sum: 0 };
    expect(updatePageHinkley(state, 13, 10, 1)).toBe(2);
    expect(updatePageHinkley(state, 5, 10, 1)).toBe(0);
  });
});
