import { describe, expect, it } from 'vitest';
import { absorbedDose, depthMean, peakArea } from '../../../src/kernel/dose/absorbedDose.ts';

describe('absorbedDose', () => {
  it('is 1.602e-13 Gy of one keV per g', () => {
    expect(absorbedDose({ photonsPerCm2: 1, energyKeV: 1, massAbsorptionCm2G: 1 })).toBe(1.602176634e-13);
  });

  it('of 2000 photons of 1 angstrom per square micrometre in a protein crystal is a Gray (Holton 2009)', () => {
    // mu_en/rho of water, NIST: 4.944 cm2/g at 10 keV, 1.374 at 15; 2.51 at 12.398.
    const dose = absorbedDose({ photonsPerCm2: 2000 * 1e8, energyKeV: 12.398, massAbsorptionCm2G: 2.51 });
    expect(Math.abs(dose - 1)).toBeLessThan(0.03);
  });

  it('refuses negative numbers', () => {
    expect(() => absorbedDose({ photonsPerCm2: -1, energyKeV: 1, massAbsorptionCm2G: 1 })).toThrow(RangeError);
    expect(() => absorbedDose({ photonsPerCm2: 1, energyKeV: NaN, massAbsorptionCm2G: 1 })).toThrow(RangeError);
  });
});

describe('depthMean', () => {
  it('is 1 for a thin sample, (1 - 1/e) at optical depth 1, and keeps its figures when nearly thin', () => {
    expect(depthMean(0)).toBe(1);
    expect(depthMean(1)).toBeCloseTo(0.6321205588, 10);
    expect(depthMean(1e-12)).toBeCloseTo(1 - 5e-13, 15);
    expect(() => depthMean(-1)).toThrow(RangeError);
  });
});

describe('peakArea', () => {
  it('is width times height of a top hat, 2 pi sx sy of a Gaussian', () => {
    expect(peakArea({ shape: 'topHat', width: 3, height: 2 })).toBe(6);
    const fwhm = 2 * Math.sqrt(2 * Math.LN2);
    expect(peakArea({ shape: 'gaussian', width: 3 * fwhm, height: 2 * fwhm })).toBeCloseTo(2 * Math.PI * 6, 10);
    expect(() => peakArea({ shape: 'topHat', width: 0, height: 2 })).toThrow(RangeError);
  });
});
