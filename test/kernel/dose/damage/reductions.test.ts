import { describe, expect, it } from 'vitest';
import { createSpectralWork, reduceSpectrum } from '../../../../src/kernel/dose/damage/spectralReduction.ts';
import { shiftSpline, splineCurvature } from '../../../../src/kernel/dose/damage/splineShift.ts';
import { reduceMeasuredWindows, reduceWindows } from '../../../../src/kernel/dose/damage/windowReduction.ts';
import { nextPoisson } from '../../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../../src/kernel/random/xoshiro128.ts';

const SHARES = { intact: 0.6, damaged: 0.35 };
const blank = () => ({ fraction: 0, variance: 0, shift: 0 });

describe('two windows', () => {
  it('give the fraction whatever the intensity, with the variance of the binomial at the expected fraction', () => {
    const out = blank();
    for (const total of [100, 1e6]) {
      reduceWindows(total * 0.55, total, SHARES, 0.2, 1, out);
      expect(out.fraction).toBeCloseTo(0.2, 12);
      expect(out.variance).toBeCloseTo((0.55 * 0.45) / (total * 0.0625), 12);
    }
  });
  it('say nothing without counts', () => {
    const out = blank();
    reduceWindows(0, 0, SHARES, 0, 1, out);
    expect(out).toEqual({ fraction: 0, variance: Infinity, shift: 0 });
    reduceMeasuredWindows(0, 0, 0, 0, SHARES, out);
    expect(out.variance).toBe(Infinity);
  });
  it('that are no counts agree with those that are', () => {
    const [counted, measured] = [blank(), blank()];
    reduceWindows(600, 1000, SHARES, 0, 1, counted);
    reduceMeasuredWindows(600, 400, 600, 400, SHARES, measured);
    expect(measured.variance).toBeCloseTo(counted.variance, 12);
  });
});

const gaussian = (place: number, width: number) => (i: number) => Math.exp(-0.5 * ((i - place) / width) ** 2);

describe('splineShift', () => {
  it('moves a band by parts of a channel, with its derivatives', () => {
    const band = gaussian(20, 3);
    const y = Float64Array.from({ length: 41 }, (_, i) => band(i));
    const [out, slope, bend] = [new Float64Array(41), new Float64Array(41), new Float64Array(41)];
    shiftSpline(y, splineCurvature(y), 0.37, out, slope, bend);
    for (let i = 5; i < 36; i++) {
      const x = i + 0.37;
      expect(out[i]).toBeCloseTo(band(x), 3);
      expect(slope[i]).toBeCloseTo((-(x - 20) / 9) * band(x), 2);
      expect(bend[i]).toBeCloseTo((((x - 20) / 9) ** 2 - 1 / 9) * band(x), 1);
    }
  });
  it('keeps the end values beyond the ends, also when moved by all of it', () => {
    const y = Float64Array.of(1, 2, 4);
    const out = new Float64Array(3);
    shiftSpline(y, splineCurvature(y), 10, out, new Float64Array(3), new Float64Array(3));
    expect([...out]).toEqual([4, 4, 4]);
  });
});

describe('whole spectra', () => {
  // Damage that looks much like a shift: the second order of the shift would pass for it.
  const intact = Float64Array.from(
    { length: 64 },
    (_, i) => 0.4 + 1.6 * gaussian(22, 2.6)(i) + 0.8 * gaussian(40, 3)(i),
  );
  const damaged = Float64Array.from(
    { length: 64 },
    (_, i) => 0.4 + 1.5 * gaussian(20, 2.9)(i) + 0.75 * gaussian(38, 3.3)(i),
  );
  const total = intact.reduce((sum, value) => sum + value, 0);

  function repeated(counts: number, fraction: number, isShiftFree: boolean) {
    const work = createSpectralWork(intact, damaged, isShiftFree);
    const random = seedXoshiro128(5, counts);
    const out = blank();
    let [mean, square, variance] = [0, 0, 0];
    const repeats = 3000;
    for (let k = 0; k < repeats; k++) {
      const values = intact.map((value, i) =>
        nextPoisson(random, (counts / total) * (value + fraction * (damaged[i]! - value))),
      );
      reduceSpectrum(work, { values, variances: undefined, mask: undefined }, fraction, out.shift, 1, out);
      mean += out.fraction / repeats;
      square += out.fraction ** 2 / repeats;
      variance += out.variance / repeats;
    }
    return { mean, deviation: Math.sqrt(square - mean * mean), said: Math.sqrt(variance), repeats };
  }

  it.each([1000, 10_000])('of %d counts have no bias beyond its error, and the scatter they say', (counts) => {
    const { mean, deviation, said, repeats } = repeated(counts, 0.05, true);
    expect(Math.abs(mean - 0.05)).toBeLessThan((4 * deviation) / Math.sqrt(repeats));
    expect(said / deviation).toBeGreaterThan(0.94);
    expect(said / deviation).toBeLessThan(1.06);
  });
  it('with the shift fixed reach the Fisher information of the mixture, amplitude free', () => {
    const out = blank();
    reduceSpectrum(
      createSpectralWork(intact, damaged, false),
      { values: intact.map((value) => (1e6 * value) / total), variances: undefined, mask: undefined },
      0,
      0,
      1,
      out,
    );
    // Of one count: sum p (d ln p / df)^2 with p normalised, by finite differences.
    const share = (f: number): Float64Array => {
      const mixture = intact.map((value, i) => value + f * (damaged[i]! - value));
      const sum = mixture.reduce((a, b) => a + b, 0);
      return mixture.map((value) => value / sum);
    };
    const [low, middle, high] = [share(-1e-4), share(0), share(1e-4)];
    const information = middle.reduce((sum, p, i) => sum + ((high[i]! - low[i]!) / 2e-4) ** 2 / p, 0);
    expect(1 / (out.variance * 1e6)).toBeCloseTo(information, 5);
    expect(out.fraction).toBeCloseTo(0, 9);
  });
  it('say nothing when they are empty, all masked, or without variances that can be used', () => {
    const out = blank();
    const work = createSpectralWork(intact, damaged, true);
    const zeros = new Float64Array(64);
    reduceSpectrum(work, { values: zeros, variances: undefined, mask: undefined }, 0, 0, 1, out);
    expect(out.variance).toBe(Infinity);
    reduceSpectrum(work, { values: intact, variances: undefined, mask: new Uint8Array(64).fill(1) }, 0, 0, 1, out);
    expect(out.variance).toBe(Infinity);
    reduceSpectrum(work, { values: intact, variances: zeros, mask: undefined }, 0, 0, 1, out);
    expect(out.variance).toBe(Infinity);
  });
});
