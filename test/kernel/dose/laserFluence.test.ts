import { describe, expect, it } from 'vitest';
import { gaussianSpotArea, laserFluence, peakIrradiance } from '../../../src/kernel/dose/laserFluence.ts';

describe('laserFluence', () => {
  it('is power times time over area', () => {
    expect(laserFluence(1e-3, 2e6, 1e-4)).toBeCloseTo(20, 12);
  });

  it('of a Gaussian pulse is 2E / (pi w^2) at its peak', () => {
    // One pulse of 1 uJ a second on a waist of 10 um: 0.6366 J/cm2.
    expect(laserFluence(1e-6, 1e6, gaussianSpotArea(10e-4))).toBeCloseTo(0.63662, 5);
  });

  it('refuses no area and negative power', () => {
    expect(() => laserFluence(1, 1, 0)).toThrow(RangeError);
    expect(() => laserFluence(-1, 1, 1)).toThrow(RangeError);
    expect(() => gaussianSpotArea(0)).toThrow(RangeError);
  });
});

describe('peakIrradiance', () => {
  it('of 1 uJ in 100 fs on a waist of 10 um is 6.4e12 W/cm2', () => {
    expect(peakIrradiance(1e-6 / 100e-15, gaussianSpotArea(10e-4)) / 6.3662e12).toBeCloseTo(1, 4);
    expect(() => peakIrradiance(1, 0)).toThrow(RangeError);
  });
});
