import { describe, expect, it } from 'vitest';
import { drudePlasmon } from '../../../src/kernel/background/drudePlasmon.ts';
import { emptyPlasmonFit, fitDrudePlasmon, plasmonAt } from '../../../src/kernel/background/drudePlasmonFit.ts';
import { fillPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';
import stage from '../../../src/stages/background/drudePlasmon.ts';
import { testFrame } from '../../support/frames.ts';
import { coverage, energyLayout, meansOf, seeFrame } from './simulate.ts';

const energies = Float64Array.from({ length: 400 }, (_, i) => 2 + i * 0.1);
const TRUE = { intensity: 4000, plasmonEnergy: 16.7, fwhm: 4.2 };

describe('the fit of a plasmon', () => {
  it('finds the parameters of a curve without noise', () => {
    const out = emptyPlasmonFit();
    const curve = drudePlasmon(energies, TRUE, new Float64Array(400));
    fitDrudePlasmon(curve, energies, { first: 60, end: 260 }, null, out);
    expect(out.converged).toBe(true);
    const [intensity, energy, width] = [...out.logs].map(Math.exp);
    expect(intensity).toBeCloseTo(TRUE.intensity, 3);
    expect(energy).toBeCloseTo(TRUE.plasmonEnergy, 7);
    expect(width).toBeCloseTo(TRUE.fwhm, 7);
  });

  it('has derivatives that are those of the curve', () => {
    const logs = Float64Array.of(3, Math.log(15), Math.log(4));
    const [here, there] = [new Float64Array(4), new Float64Array(4)];
    for (const energy of [4, 12, 15, 18, 40]) {
      plasmonAt(energy, logs, here);
      for (let k = 0; k < 3; k++) {
        const moved = logs.slice();
        moved[k]! += 1e-6;
        plasmonAt(energy, moved, there);
        expect((there[0]! - here[0]!) / 1e-6 / here[0]!).toBeCloseTo(here[k + 1]! / here[0]!, 3);
      }
    }
    plasmonAt(0, logs, here);
    expect([...here]).toEqual([0, 0, 0, 0]);
  });

  it('says errors that hold: 95 percent intervals of energy and width cover 93 to 97 of 100', () => {
    const means = drudePlasmon(energies, { ...TRUE, intensity: 20 }, new Float64Array(400));
    const random = seedXoshiro128(4, 0);
    const out = emptyPlasmonFit();
    const covered = [0, 0];
    for (let k = 0; k < 2000; k++) {
      fitDrudePlasmon(fillPoisson(random, means, new Float64Array(400)), energies, { first: 60, end: 260 }, null, out);
      [TRUE.plasmonEnergy, TRUE.fwhm].forEach((truth, p) => {
        const error = Math.sqrt(out.covariance[4 * (p + 1)]!);
        if (Math.abs(out.logs[p + 1]! - Math.log(truth)) < 1.96 * error) covered[p]!++;
      });
    }
    for (const count of covered) {
      expect(count).toBeGreaterThan(1860);
      expect(count).toBeLessThan(1940);
    }
  });

  it('refuses a window without signal, and says when it found no rest', () => {
    const out = emptyPlasmonFit();
    expect(() => fitDrudePlasmon(new Float64Array(400), energies, { first: 60, end: 260 }, null, out)).toThrow(
      expect.objectContaining({ reason: 'NoSignalInWindow' }) as Error,
    );
  });
});

describe('the stage', () => {
  const losses = energyLayout(2, 0.1, 400);
  const plasmon = drudePlasmon(energies, TRUE, new Float64Array(400));
  const means = meansOf(losses, (e) => (e >= 32 && e < 36 ? 60 : 0)).map((extra, i) => extra + plasmon[i]!);
  const settings = { window: [8, 26], region: [32, 36] } as const;

  it('reads what lies above the plasmon, with an interval that holds', () => {
    const make = (output: 'subtracted' | 'background') =>
      stage.create('b', { ...settings, window: [8, 26], region: [32, 36], output, vary: 0 });
    const found = coverage([make('subtracted'), make('background')], losses, means, {
      spectra: 1000,
      truth: means.reduce(
        (sum, mean, i) => sum + (energies[i]! > 31.95 && energies[i]! < 36.05 ? mean - plasmon[i]! : 0),
        0,
      ),
      seed: 3,
    });
    expect(found.covered).toBeGreaterThan(0.93);
    expect(found.covered).toBeLessThan(0.97);
  });

  it('gives energy and width, follows the axis, and flags a spectrum without a plasmon', () => {
    const made = stage.create('b', { window: [8, 26] });
    const read = (values: Float64Array, axisShift = 0) =>
      seeFrame(made, { ...testFrame(losses, 0, values), axisShift }).readings;
    const still = read(plasmon);
    expect(still['plasmonEnergy']!.value).toBeCloseTo(TRUE.plasmonEnergy, 6);
    expect(still['plasmonWidth']!.value).toBeCloseTo(TRUE.fwhm, 6);
    expect(still['net']!.systematicError).toBeDefined();
    const moved = drudePlasmon(
      energies.map((energy) => energy + 0.7),
      TRUE,
      new Float64Array(400),
    );
    expect(read(moved, 0.7)['plasmonEnergy']!.value).toBeCloseTo(TRUE.plasmonEnergy, 6);
    expect(read(new Float64Array(400))['net']!.quality).toBe('invalid');
    // Nothing but a slope: no plasmon lies in the window.
    const slope = energies.map((energy) => 1e4 / energy);
    expect(read(slope)['net']!.quality).toBe('invalid');
    const outside = stage.create('b', { window: [100, 200] });
    expect(() => seeFrame(outside, testFrame(losses, 0, plasmon))).toThrow(/b: .*100/);
  });
});
