import { describe, expect, it } from 'vitest';
import { anscombe } from '../../../src/kernel/normalisation/anscombe.ts';
import {
  createAnscombeInverse,
  inverseAnscombe,
  meanOfAnscombe,
} from '../../../src/kernel/normalisation/anscombeInverse.ts';

const inverse = createAnscombeInverse();
const back = (d: number, more = {}): number =>
  inverseAnscombe(Float64Array.of(d), { inverse, ...more }, new Float64Array(1))[0]!;

describe('the exact unbiased inverse of the Anscombe transform', () => {
  it.each([0, 0.02, 0.5, 1, 3, 10, 40, 150, 199, 201, 400])('gives the mean %d of the counts back', (mean) => {
    expect(Math.abs(back(meanOfAnscombe(mean).value) - mean)).toBeLessThan(2e-8 * (1 + mean));
  });

  it('is where the algebraic inverse is a quarter of a count too low', () => {
    const d = meanOfAnscombe(100).value;
    expect(100 - (0.25 * d * d - 3 / 8)).toBeCloseTo(0.25, 3);
  });

  it('never gives a negative mean', () => expect(back(0.3)).toBe(0));

  it('carries variances by its slope', () => {
    const outVariances = new Float64Array(1);
    const d = meanOfAnscombe(50).value;
    inverseAnscombe(Float64Array.of(d), { inverse, variances: Float64Array.of(1), outVariances }, new Float64Array(1));
    const slope = (back(d + 1e-4) - back(d - 1e-4)) / 2e-4;
    expect(outVariances[0]! / slope ** 2).toBeCloseTo(1, 6);
    expect(outVariances[0]).toBeCloseTo(50, 0);
  });
});

describe('the generalised Anscombe transform', () => {
  const noise = { gain: 2.5, offset: 100, readNoise: 5 };

  it('has a variance of 1 whatever the light', () => {
    // Poisson times a grid of the normal read noise, summed exactly.
    for (const mean of [10, 30, 100]) {
      let [weight, sum, squares] = [0, 0, 0];
      let probability = Math.exp(-mean);
      for (let k = 0; k < mean + 12 * Math.sqrt(mean) + 20; probability *= mean / ++k)
        for (let z = -4; z <= 4.001; z += 0.25) {
          const w = probability * Math.exp(-0.5 * z * z);
          const out = new Float64Array(1);
          anscombe(Float64Array.of(noise.gain * k + noise.offset + noise.readNoise * z), noise, out);
          weight += w;
          sum += w * out[0]!;
          squares += w * out[0]! * out[0]!;
        }
      const average = sum / weight;
      expect(Math.abs(squares / weight - average * average - 1)).toBeLessThan(0.02);
      expect(Math.abs((back(average, noise) - noise.offset) / noise.gain - mean)).toBeLessThan(0.02 * Math.sqrt(mean));
    }
  });

  it('takes the root of 0 where the light is below the noise, and says so', () => {
    const out = new Float64Array(2);
    expect(anscombe(Float64Array.of(60, 100), noise, out)).toBe(1);
    expect(out[0]).toBe(0);
  });
});
