import { describe, expect, it } from 'vitest';
import { createFourierPlan, fourier } from '../../../src/kernel/array/fourier.ts';

describe('the Fourier transform', () => {
  it.each([2, 4, 8, 32])('of %i numbers is the sum that defines it', (size) => {
    const given = Array.from({ length: size }, (_, j) => [Math.sin(3 * j + 1), Math.cos(j * j)] as const);
    const real = Float64Array.from(given, ([r]) => r);
    const imaginary = Float64Array.from(given, ([, m]) => m);
    fourier(real, imaginary, createFourierPlan(size));
    for (let k = 0; k < size; k++) {
      let [r, m] = [0, 0];
      given.forEach(([x, y], j) => {
        const phase = (2 * Math.PI * j * k) / size;
        r += x * Math.cos(phase) + y * Math.sin(phase);
        m += y * Math.cos(phase) - x * Math.sin(phase);
      });
      expect(real[k]).toBeCloseTo(r, 10);
      expect(imaginary[k]).toBeCloseTo(m, 10);
    }
  });

  it('goes back with real and imaginary parts exchanged', () => {
    const given = Float64Array.from({ length: 64 }, (_, j) => Math.sin(j * j));
    const real = given.slice();
    const imaginary = new Float64Array(64);
    const plan = createFourierPlan(64);
    fourier(real, imaginary, plan);
    fourier(imaginary, real, plan);
    given.forEach((value, j) => expect(real[j]! / 64).toBeCloseTo(value, 12));
  });

  it('refuses a length that is no power of two', () => {
    expect(() => createFourierPlan(12)).toThrow('size is 12, expected a power of two');
    expect(() => createFourierPlan(1)).toThrow('expected a power of two');
  });
});
