import { describe, expect, it } from 'vitest';
import {
  createDifferenceNoise,
  learnDifference,
  noiseLevel,
  squaredDifference,
} from '../../../src/kernel/change/differenceNoise.ts';
import { noiseEnergy, projectOnPast } from '../../../src/kernel/change/evolutionAxis.ts';
import { createMonotoneWorkspace, monotoneErrors } from '../../../src/kernel/change/monotone.ts';
import { speedOf } from '../../../src/kernel/change/speed.ts';
import { turningTime } from '../../../src/kernel/change/turningInterval.ts';
import { createTurningWorkspace, testTurning, turningStatistic } from '../../../src/kernel/change/turningPoint.ts';
import { turningRunLength, turningThreshold } from '../../../src/kernel/change/turningThreshold.ts';
import { nextNormal } from '../../../src/kernel/random/normal.ts';
import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const ones = (n: number) => new Float64Array(n).fill(1);
const series = (n: number, value: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => value(i));

/** Error of the best rising fit, by the max-min formula of means. */
function risingError(values: Float64Array, weights: Float64Array): number {
  const mean = (from: number, to: number): number => {
    let [mass, sum] = [0, 0];
    for (let i = from; i <= to; i++) [mass, sum] = [mass + weights[i]!, sum + weights[i]! * values[i]!];
    return sum / mass;
  };
  let error = 0;
  for (let i = 0; i < values.length; i++) {
    let fit = -Infinity;
    for (let from = 0; from <= i; from++) {
      let least = Infinity;
      for (let to = i; to < values.length; to++) least = Math.min(least, mean(from, to));
      fit = Math.max(fit, least);
    }
    error += weights[i]! * (values[i]! - fit) ** 2;
  }
  return error;
}

describe('monotone fits', () => {
  it('have the errors of the max-min formula, at every length, forwards and backwards', () => {
    const random = seedXoshiro128(1, 1);
    for (let run = 0; run < 50; run++) {
      const n = 2 + (run % 9);
      const values = series(n, () => nextNormal(random));
      const weights = series(n, () => 0.2 + nextUniform(random));
      const work = createMonotoneWorkspace(n);
      const rising = monotoneErrors(values, weights, { from: 0, to: n - 1, sense: 1 }, ones(n), work);
      for (let k = 1; k <= n; k++)
        expect(rising[k - 1]).toBeCloseTo(risingError(values.subarray(0, k), weights.subarray(0, k)), 9);
      const falling = monotoneErrors(values, weights, { from: n - 1, to: 0, sense: 1 }, ones(n), work);
      expect(falling[0]).toBeCloseTo(risingError(values.slice().reverse(), weights.slice().reverse()), 9);
    }
  });
});

describe('evidence of a turning point', () => {
  const evidenceOf = (values: Float64Array, sense: 1 | -1 = 1) => {
    const count = values.length;
    const evidence = { turned: 0, jumped: 0, split: 0 };
    const options = { count, sense, first: 5, last: count - 3 };
    return testTurning(values, ones(count), options, createTurningWorkspace(count), evidence);
  };
  const known = { dispersion: 1, freedom: Infinity };
  const statisticOf = (values: Float64Array, sense: 1 | -1 = 1) => turningStatistic(evidenceOf(values, sense), known);

  it('is there for a rise and a fall, in the right sense and place', () => {
    const tent = series(20, (i) => 3 * Math.min(i, 26 - i));
    expect(statisticOf(tent)).toBeGreaterThan(20);
    expect([12, 13]).toContain(evidenceOf(tent).split);
    expect(statisticOf(tent, -1)).toBe(0);
    expect(
      statisticOf(
        tent.map((value) => -value),
        -1,
      ),
    ).toBeGreaterThan(20);
  });

  it.each([
    ['a steady rise', (i: number) => 3 * i],
    ['a rise that slows down', (i: number) => 30 * (1 - Math.exp(-i / 4))],
    ['a rise that speeds up', (i: number) => i * i],
    ['a rise that stops', (i: number) => 3 * Math.min(i, 12)],
    ['a jump upwards', (i: number) => 3 * i + (i > 12 ? 50 : 0)],
    ['a drop, and on as before', (i: number) => 3 * i - (i > 12 ? 50 : 0)],
    ['a single low value', (i: number) => 3 * i - (i === 14 ? 50 : 0)],
    ['a single high value', (i: number) => 3 * i + (i === 14 ? 50 : 0)],
  ])('is not there for %s', (_, value) => {
    expect(statisticOf(series(20, value))).toBe(0);
  });

  it('counts less when the noise itself was learned from little', () => {
    const evidence = evidenceOf(series(20, (i) => 3 * Math.min(i, 26 - i)));
    const few = turningStatistic(evidence, { dispersion: 1, freedom: 5 });
    expect(few).toBeLessThan(0.5 * turningStatistic(evidence, known));
    expect(few).toBeGreaterThan(0);
  });

  it.each(['reading', 'spectrum'] as const)(
    'has thresholds that rise with run length and memory: of a %s',
    (followed) => {
      const threshold = (window: number, runLength: number) => turningThreshold(window, runLength, followed);
      expect(threshold(24, 1e4)).toBeGreaterThan(threshold(24, 1e3));
      expect(threshold(48, 1e4)).toBeGreaterThan(threshold(24, 1e4));
      for (const runLength of [50, 700, 5e3, 1e6])
        expect(turningRunLength(40, threshold(40, runLength), followed) / runLength).toBeCloseTo(1, 6);
    },
  );
});

describe('the time of a turn', () => {
  it('is found between two frames, whatever their times', () => {
    const times = series(16, (i) => 1e6 * (i + 0.3 * Math.sin(i) + (i > 11 ? 2 : 0)));
    const turn = 9.4e6;
    const values = times.map((time) => -Math.abs(time - turn) / 1e6);
    const sense = 1;
    const noise = { dispersion: 1e-6, freedom: Infinity };
    const found = turningTime({ times, values, weights: ones(16), count: 16, split: 9, sense, ...noise });
    expect(Math.abs(found.bestUs - turn)).toBeLessThan(0.2e6);
    expect(found.fromUs).toBeLessThan(turn);
    expect(found.toUs).toBeGreaterThan(turn);
    expect(found.toUs - found.fromUs).toBeLessThan(2e6);
  });
});

describe('noise from third differences', () => {
  const times = series(2000, (i) => i + 0.2 * Math.sin(i));
  const levelOf = (values: Float64Array) => {
    const noise = createDifferenceNoise();
    for (let k = 0; k + 7 <= values.length; k++) learnDifference(noise, { values, times, weights: ones(2000) }, k);
    return noiseLevel(noise);
  };
  const random = seedXoshiro128(3, 3);
  const white = series(2001, () => nextNormal(random));

  it('is 0 for a parabola at any times', () => {
    const parabola = { values: times.map((time) => 3 + time * time), times, weights: ones(2000) };
    expect(squaredDifference(parabola, 0, 1)).toBeLessThan(1e-18);
  });

  it('is that of white noise', () => {
    expect(levelOf(white.subarray(0, 2000))).toBeGreaterThan(0.6);
    expect(levelOf(white.subarray(0, 2000))).toBeLessThan(1.5);
  });

  it('sees what neighbours share', () => {
    const shared = series(2000, (i) => Math.SQRT1_2 * (white[i]! + white[i + 1]!));
    expect(levelOf(shared)).toBeGreaterThan(1.5);
  });

  it('is not spoiled by a jump', () => {
    expect(levelOf(white.subarray(0, 2000).map((value, i) => value + (i > 1950 ? 1000 : 0)))).toBeLessThan(5);
  });
});

describe('the projection on the past', () => {
  it.each([0, 0.4])('makes no progress of noise, of which neighbours share %d', (shared) => {
    const [n, count] = [400, 20];
    const random = seedXoshiro128(5, 5);
    const rest = Math.sqrt(1 - shared);
    let [before, after] = [0, 0];
    for (let run = 0; run < 30; run++) {
      const fresh = Array.from({ length: count + 1 }, () => series(n, () => nextNormal(random)));
      const frames = Array.from({ length: count }, (_, k) =>
        series(n, (i) => rest * fresh[k + 1]![i]! + Math.sqrt(shared) * fresh[k]![i]!),
      );
      const products = new Float64Array(count * count);
      frames.forEach((a, i) =>
        frames.forEach((b, j) => (products[i * count + j] = a.reduce((sum, x, k) => sum + x * b[k]!, 0))),
      );
      const spectra = { products, times: series(count, (i) => i), weights: ones(count), count };
      const out = ones(count);
      projectOnPast(spectra, 12, noiseEnergy(spectra, { own: 0, shared: 0 }), ones(count), out);
      before += (out[12]! + out[11]! - out[2]! - out[1]!) / 60;
      after += (out[13]! - out[16]!) / 30;
    }
    expect(Math.abs(before)).toBeLessThan(1);
    expect(Math.abs(after)).toBeLessThan(1);
  });
});

describe('the speed', () => {
  it('is a slope per second with its error', () => {
    const times = series(6, (i) => 2e6 * i);
    const out = { value: 0, standardError: 0 };
    speedOf(
      series(6, (i) => 5 + 3 * i),
      times,
      ones(6),
      { from: 0, end: 6, dispersion: 4 },
      out,
    );
    expect(out.value).toBeCloseTo(1.5, 12);
    expect(out.standardError).toBeCloseTo(2 / Math.sqrt(4 * 17.5), 12);
  });
});
