import { describe, expect, it } from 'vitest';
import { bestEfficiency, certifiability, leastCertifiable } from '../../../../src/kernel/dose/damage/certifiability.ts';
import { windowInformation } from '../../../../src/kernel/dose/damage/windowReduction.ts';

describe('certifiability', () => {
  it('is tolerance sqrt(I1 N / 3) for an exact reference', () => {
    const one = windowInformation({ intact: 0.6, damaged: 0.35 }, 0);
    expect(one).toBeCloseTo(0.25 ** 2 / 0.24, 12);
    expect(certifiability(0.05, one * 36_900, Infinity)).toBeCloseTo(0.05 * Math.sqrt((one * 36_900) / 3), 12);
  });
  it('halves when the reference is learned from the same area, and loses a tenth with three times the counts', () => {
    const exact = certifiability(0.05, 1e5, Infinity);
    expect(certifiability(0.05, 1e5, 0) / exact).toBeCloseTo(0.5, 12);
    expect(certifiability(0.05, 1e5, 1) / exact).toBeCloseTo(Math.sqrt(0.208 * 3), 2);
    expect(certifiability(0.05, 1e5, 3) / exact).toBeCloseTo(0.9, 2);
  });
  it('needs 4.3 at a risk of 5 %', () => {
    expect(leastCertifiable(0.05)).toBeCloseTo(4.273, 2);
    expect(bestEfficiency(4.2, 0.05)).toBe(0);
    expect(bestEfficiency(4.3, 0.05)).toBeGreaterThan(1 / 3);
  });
  it.each([
    [4.5, 0.46],
    [6, 0.66],
    [10, 0.82],
    [15, 0.88],
    [30, 0.94],
    [100, 0.98],
  ])('at Z = %d the best rule stops at %d of the dose at tolerance', (z, efficiency) =>
    expect(bestEfficiency(z, 0.05)).toBeCloseTo(efficiency, 2),
  );
});
