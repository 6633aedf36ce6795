import { describe, expect, it } from 'vitest';
import { DOSE } from '../../../src/model/doseReading.ts';
import laser from '../../../src/stages/dose/laser.ts';
import { ledgerRun } from './ledgerRun.ts';

type Settings = Parameters<typeof laser.create>[1];
const continuous: Settings = { power: { fixed: 2, unit: 'mW' }, spot: { areaUm2: 1e4 }, limit: 100 };
/** 1 uJ in 100 fs, a thousand times a second, on a waist of 10 um. */
const pulsed: Settings = {
  pulses: { energy: { signal: 'energy', unit: 'uJ', maximum: 2 }, rateHz: 1000, durationFs: 100 },
  spot: { waistUm: 10 },
  limit: 1e6,
};
const on = { context: { energy: 1 } };

describe('dose.laser', () => {
  it('adds up power times time over area', () => {
    // 2 mW on 1e-4 cm2: 20 W/cm2, 2 J/cm2 in a frame of 100 ms.
    const { values, of } = ledgerRun(laser.create('dose', continuous), [{}, {}]);
    expect(values(DOSE.spent)[1]).toBeCloseTo(4, 12);
    expect(values('peakIrradiance')[0]).toBeCloseTo(20, 12);
    expect(of(DOSE.rate)[0]!.unit).toBe('J.cm-2.s-1');
  });

  it('adds up pulses at the peak of their spot, and says how strong one is', () => {
    const { values } = ledgerRun(laser.create('dose', pulsed), [on]);
    expect(values(DOSE.spent)[0]).toBeCloseTo(100 * 0.6366198, 4);
    expect(values('peakIrradiance')[0]! / 6.366198e12).toBeCloseTo(1, 6);
  });

  it('says no peak irradiance of pulses of unknown duration', () => {
    const { energy, rateHz } = pulsed.pulses!;
    const { of } = ledgerRun(laser.create('dose', { ...pulsed, pulses: { energy, rateHz } }), [on]);
    expect(of('peakIrradiance')).toEqual([]);
  });

  it('speaks of a peak irradiance over its limit, and not while the light is off', () => {
    const stage = laser.create('dose', { ...pulsed, irradianceLimit: 6e12 });
    const { detections, of } = ledgerRun(stage, [on, { context: { energy: 0 } }, { context: {} }]);
    expect(detections.map(({ seq }) => seq)).toEqual([0, 2]);
    expect(of('peakIrradiance').map(({ quality }) => quality)).toEqual(['valid', 'valid', 'invalid']);
  });
});
