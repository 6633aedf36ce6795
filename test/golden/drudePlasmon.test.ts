import { describe, expect, it } from 'vitest';
import { drudePlasmon } from '../../src/kernel/background/drudePlasmon.ts';
import { expectClose, goldenCases, itHasCases, numbers } from './goldenCases.ts';

const cases = goldenCases('eels_drude');

describe('the Drude plasmon agrees with hyperspy 1.7.3', () => {
  itHasCases(cases);

  for (const { id, inputs, params, expected, tolerance } of cases)
    it(id, () => {
      const energies = numbers(inputs['E_eV']);
      const options = {
        intensity: params['intensity'] as number,
        plasmonEnergy: params['Ep_eV'] as number,
        fwhm: params['fwhm_eV'] as number,
      };
      expectClose(drudePlasmon(energies, options, new Float64Array(energies.length)), expected['y'], tolerance);
    });

  it('and is nothing at no energy and below', () => {
    const options = { intensity: 1, plasmonEnergy: 15, fwhm: 3 };
    expect([...drudePlasmon(Float64Array.of(-2, 0), options, new Float64Array(2))]).toEqual([0, 0]);
  });
});
