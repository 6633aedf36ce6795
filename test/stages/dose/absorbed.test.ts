import { describe, expect, it } from 'vitest';
import { DOSE } from '../../../src/model/doseReading.ts';
import absorbed from '../../../src/stages/dose/absorbed.ts';
import { ledgerRun } from './ledgerRun.ts';

type Settings = Parameters<typeof absorbed.create>[1];
/** 1e12 photons of 10 keV per second on 1 mm2, 1 cm2/g: 1e14 photons/cm2 a second, 160.2 Gy/s. */
const settings: Settings = {
  flux: { signal: 'flux', unit: 'ph/s', maximum: 1e13 },
  energyKeV: 10,
  spot: { shape: 'topHat', widthUm: 1000, heightUm: 1000 },
  massAbsorptionCm2G: 1,
  limit: 1,
  unit: 'kGy',
};
const on = { context: { flux: 1e12 } };
const GRAY = 16.02176634;

const doses = (more: Partial<Settings>, frames: Parameters<typeof ledgerRun>[1] = [on]) =>
  ledgerRun(absorbed.create('dose', { ...settings, ...more }), frames).values(DOSE.spent);

describe('dose.absorbed', () => {
  it('adds up Gy, and charges the declared maximum while the flux is unknown', () => {
    const { values, of } = ledgerRun(absorbed.create('dose', settings), [on, { context: {} }]);
    expect(values(DOSE.spent)[0]).toBeCloseTo(GRAY, 9);
    expect(values(DOSE.spent)[1]).toBeCloseTo(11 * GRAY, 7);
    expect(values(DOSE.fraction)[0]).toBeCloseTo(GRAY / 1000, 12);
    expect(of(DOSE.spent).map(({ unit, quality }) => [unit, quality])).toEqual([
      ['Gy', 'valid'],
      ['Gy', 'invalid'],
    ]);
  });

  it('weakens the flux by every window first', () => {
    expect(doses({ transmission: [0.5, 0.2] })[0]).toBeCloseTo(GRAY / 10, 9);
  });

  it('charges the mean over a thick sample, and the surface of one of unknown thickness', () => {
    // mu x = 1 cm2/g x 2 g/cm3 x 0.5 cm = 1.
    expect(doses({ thickness: { um: 5000, densityGCm3: 2 } })[0]).toBeCloseTo(GRAY * (1 - Math.exp(-1)), 9);
  });

  it('charges the peak of a Gaussian beam', () => {
    const spot = { shape: 'gaussian', widthUm: 1000, heightUm: 1000 } as const;
    expect(doses({ spot })[0]).toBeCloseTo(GRAY * ((4 * Math.LN2) / Math.PI), 9);
  });
});
