import { describe, expect, it } from 'vitest';
import { electronFluence, gaussianProbeArea, rasterArea } from '../../../src/kernel/dose/electronFluence.ts';

describe('electronFluence', () => {
  it('of 1 pA for 1 s on 1 square angstrom is 6.2415e6 electrons per square angstrom', () => {
    expect(electronFluence(1e-12, 1e6, 0.01) / 100 / 6.241509074e6).toBeCloseTo(1, 9);
  });

  it('counts negative current as none and refuses what is no number', () => {
    expect(electronFluence(-1e-12, 1e6, 1)).toBe(0);
    expect(() => electronFluence(NaN, 1e6, 1)).toThrow(RangeError);
    expect(() => electronFluence(1, 1e6, 0)).toThrow(RangeError);
  });
});

describe('rasterArea', () => {
  it('spreads over the steps where the probe is wider, overlap or not', () => {
    // 50 pA, 20 us per point, steps of 0.1 nm: I tau / (e step^2) = 6241.5 electrons on 0.01 nm2.
    const area = rasterArea({ points: 1, stepNm: 0.1, probeNm: 0.2 });
    expect(electronFluence(50e-12, 20, area) / 624_150.9).toBeCloseTo(1, 6);
    expect(rasterArea({ points: 64, stepNm: 0.1, probeNm: 0.2 })).toBeCloseTo(0.64, 12);
  });

  it('charges what lies under the probe where the step is wider: 4 I tau / (pi d^2 e)', () => {
    const area = rasterArea({ points: 1, stepNm: 2, probeNm: 0.2 });
    const want = (4 * 50e-12 * 20e-6) / (Math.PI * 0.2 ** 2 * 1.602176634e-19);
    expect(electronFluence(50e-12, 20, area) / want).toBeCloseTo(1, 12);
  });

  it('refuses a raster without extent', () => {
    expect(() => rasterArea({ points: 0, stepNm: 1, probeNm: 1 })).toThrow(RangeError);
    expect(() => rasterArea({ points: 4, stepNm: 0, probeNm: 1 })).toThrow(RangeError);
  });
});

describe('gaussianProbeArea', () => {
  it('is 2 pi s^2 of a width of 2.3548 s', () => {
    expect(gaussianProbeArea(2.354820045) / (2 * Math.PI)).toBeCloseTo(1, 8);
    expect(() => gaussianProbeArea(0)).toThrow(RangeError);
  });
});
