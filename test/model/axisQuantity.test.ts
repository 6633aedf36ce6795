import { describe, expect, it } from 'vitest';
import { axisQuantity, inUnitOf } from '../../src/model/axisQuantity.ts';

const axis = (name: string, unit: string) =>
  ({ name, unit, placement: 'centre', coordinates: Float64Array.of(1, 2) }) as const;

describe('a distance on an axis', () => {
  it('is told in the unit of the axis', () => {
    expect(inUnitOf(axis('energy', 'keV'), '130 eV', 'fwhm')).toBeCloseTo(0.13, 12);
    expect(inUnitOf(axis('energy', 'eV'), '130 eV', 'fwhm')).toBe(130);
    expect(inUnitOf(axis('ramanShift', 'cm-1'), '32 cm-1', 'length')).toBe(32);
    expect(inUnitOf(axis('energy', 'keV'), 7, 'fwhm')).toBe(7);
  });

  it('is refused by name where its unit says nothing of the axis', () =>
    expect(() => inUnitOf(axis('wavelength', 'nm'), '32 cm-1', 'length')).toThrow(
      'length is 32 cm-1, expected a number in the unit of the axis wavelength, which is nm',
    ));

  it('is above 0, and has a unit when it is a text', () => {
    for (const wrong of [0, -1, '0 eV', '3', 'eV', '-3 eV', '3 eV wide'])
      expect(axisQuantity.safeParse(wrong).success).toBe(false);
  });
});
