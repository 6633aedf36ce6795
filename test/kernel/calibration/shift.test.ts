import { describe, expect, it } from 'vitest';
import { fitGaussianLine } from '../../../src/kernel/calibration/gaussianLine.ts';
import { rigidShift } from '../../../src/kernel/calibration/rigidShift.ts';
import { createShiftReading } from '../../../src/kernel/calibration/shiftReading.ts';
import { createShiftReference } from '../../../src/kernel/calibration/shiftReference.ts';
import { nextPoisson } from '../../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

const n = 256;
const x = Float64Array.from({ length: n }, (_, i) => 20 + 0.04 * i);
const sigma = 0.12;
const peak = (at: number, centre: number, height: number): number =>
  height * Math.exp(-0.5 * ((at - centre) / sigma) ** 2);
/** What is seen when true position = coordinate + shift. */
const spectrum = (shift: number, gain = 1, extra = 0): Float64Array =>
  x.map(
    (at) =>
      gain * (20 + peak(at + shift, 22, 400) + peak(at + shift, 25.3, 250) + peak(at + shift, 28, 120)) +
      extra * peak(at, 23.5, 400),
  );
const reading = createShiftReading(createShiftReference(x, spectrum(0)));
const random = seedXoshiro128(21, 0);
const counted = (means: Float64Array): Float64Array => means.map((mean) => nextPoisson(random, mean));

describe('the rigid shift', () => {
  it.each([0, 0.004, -0.013, 0.1, -0.14])(
    'of a noiseless spectrum shifted by %d is found to a thousandth of a channel',
    (shift) => {
      const fit = rigidShift(spectrum(shift, 1.3), { reading });
      expect(fit.converged).toBe(true);
      expect(Math.abs(fit.shift - shift)).toBeLessThan(1e-3 * 0.04 + 0.002 * Math.abs(shift));
      expect(fit.gain).toBeCloseTo(1.3, 2);
    },
  );

  it('scatters as its standard error says, without bias', () => {
    const runs = 400;
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < runs; k++) {
      const fit = rigidShift(counted(spectrum(0.03)), { reading });
      expect(fit.converged).toBe(true);
      const z = (fit.shift - 0.03) / fit.standardError;
      sum += z;
      squares += z * z;
    }
    expect(Math.abs(sum / runs)).toBeLessThan(0.2);
    expect(Math.sqrt(squares / runs)).toBeGreaterThan(0.88);
    expect(Math.sqrt(squares / runs)).toBeLessThan(1.15);
  });

  it.each([0, 0.006, 0.01, 0.014, 0.02])(
    'of %d is not drawn to the middle of a channel by the noise of a reference learned from ten frames',
    (shift) => {
      const references = 25;
      let sum = 0;
      let squares = 0;
      for (let k = 0; k < references; k++) {
        const mean = new Float64Array(n);
        for (let frame = 0; frame < 10; frame++) counted(spectrum(0)).forEach((y, i) => (mean[i]! += y / 10));
        const learned = createShiftReading(createShiftReference(x, mean));
        for (let frame = 0; frame < 4; frame++) {
          const fit = rigidShift(counted(spectrum(shift)), { reading: learned, start: shift });
          const z = (fit.shift - shift) / (fit.standardError * Math.sqrt(1.1));
          sum += z / (4 * references);
          squares += (z * z) / (4 * references);
        }
      }
      expect(Math.abs(sum)).toBeLessThan(0.45);
      expect(Math.sqrt(squares)).toBeLessThan(1.3);
    },
  );

  it('does not depend on where the reference was read last', () => {
    const values = counted(spectrum(0.03));
    const fits = [0, 0.025, 0.035, -0.2].map((at) =>
      rigidShift(values, { reading: createShiftReading(createShiftReference(x, spectrum(0)), at), start: 0.02 }),
    );
    for (const { shift, standardError } of fits)
      expect(Math.abs(shift - fits[0]!.shift)).toBeLessThan(0.1 * standardError);
  });

  it('needs two passes when it starts from the last frame', () => {
    let start = 0;
    let passes = 0;
    for (let k = 0; k < 50; k++) {
      const fit = rigidShift(counted(spectrum(0.002 * k)), { reading, start });
      start = fit.shift;
      passes += fit.iterationCount / 50;
    }
    expect(passes).toBeLessThan(2.8);
  });

  it('is not captured by a new peak as high as the others', () => {
    for (let k = 0; k < 50; k++) {
      const fit = rigidShift(counted(spectrum(0.02, 1, 1)), { reading });
      expect(fit.converged).toBe(true);
      expect(Math.abs(fit.shift - 0.02)).toBeLessThan(4.5 * fit.standardError);
    }
  });

  it('is not captured by a new peak on the shoulder of another', () => {
    const means = spectrum(0).map((mean, i) => mean + peak(x[i]!, 22.3, 80));
    const fit = rigidShift(counted(means), { reading });
    expect(Math.abs(fit.shift)).toBeLessThan(0.01);
  });

  it('follows a slow drift over many channels from where it was', () => {
    let start = 0;
    for (let k = 1; k <= 40; k++) {
      const fit = rigidShift(counted(spectrum(0.02 * k)), { reading, start });
      expect(fit.converged).toBe(true);
      start = fit.shift;
    }
    expect(start).toBeCloseTo(0.8, 1);
  });

  it('can fit a constant offset too', () => {
    const fit = rigidShift(
      spectrum(0.02).map((mean) => mean + 15),
      { reading, offset: true },
    );
    expect(fit.converged).toBe(true);
    expect(fit.shift).toBeCloseTo(0.02, 4);
    expect(fit.offset).toBeCloseTo(15, 1);
  });

  it('leaves out masked channels', () => {
    const values = spectrum(0.02);
    const mask = new Uint8Array(n);
    for (let i = 100; i < 130; i++) {
      mask[i] = 1;
      values[i] = 1e6;
    }
    expect(rigidShift(values, { reading, mask }).shift).toBeCloseTo(0.02, 4);
    const spoilt = createShiftReading(
      createShiftReference(
        x,
        spectrum(0).map((mean, i) => (mask[i] === 1 ? 1e6 : mean)),
        null,
        mask,
      ),
    );
    expect(rigidShift(values, { reading: spoilt }).shift).toBeCloseTo(0.02, 3);
  });

  it('says so when there is nothing to align', () => {
    expect(rigidShift(new Float64Array(n), { reading }).converged).toBe(false);
    const flat = createShiftReading(createShiftReference(x, new Float64Array(n).fill(50)));
    expect(rigidShift(new Float64Array(n).fill(50), { reading: flat }).converged).toBe(false);
    expect(rigidShift(spectrum(0), { reading, mask: new Uint8Array(n).fill(1) }).converged).toBe(false);
    expect(
      rigidShift(Float64Array.of(4), {
        reading: createShiftReading(createShiftReference(Float64Array.of(0), Float64Array.of(4))),
      }).converged,
    ).toBe(false);
  });
});

describe('the centre of a Gaussian line', () => {
  const line = (centre: number): Float64Array => x.map((at) => 10 + peak(at, centre, 100));

  it('scatters as its standard error says', () => {
    const runs = 200;
    let squares = 0;
    for (let k = 0; k < runs; k++) {
      const fit = fitGaussianLine(counted(line(24.013)), { x, first: 80, end: 125 });
      expect(fit.converged).toBe(true);
      squares += ((fit.centre - 24.013) / fit.standardError) ** 2;
    }
    expect(Math.sqrt(squares / runs)).toBeGreaterThan(0.85);
    expect(Math.sqrt(squares / runs)).toBeLessThan(1.18);
  });

  it('finds width, height and background of a noiseless line', () => {
    const fit = fitGaussianLine(line(24), { x, first: 80, end: 125 });
    expect(fit.centre).toBeCloseTo(24, 5);
    expect(fit.sigma).toBeCloseTo(sigma, 3);
    expect(fit.amplitude).toBeCloseTo(100, 0);
    expect(fit.offset).toBeCloseTo(10, 1);
  });

  it('does not converge on nothing', () => {
    expect(fitGaussianLine(new Float64Array(n), { x }).converged).toBe(false);
    expect(fitGaussianLine(line(24), { x, first: 80, end: 83 }).converged).toBe(false);
  });
});
