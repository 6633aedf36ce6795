import { expect, it } from 'vitest';
import { unitText, withUnit } from '../../src/model/unitText.ts';

it.each([
  ['1', ''],
  ['deg', '°'],
  ['Cel', '°C'],
  ['Ao', 'Å'],
  ['Ao-1', 'Å⁻¹'],
  ['cm-1', 'cm⁻¹'],
  ['nm-2', 'nm⁻²'],
  ['nm-2.s-1', 'nm⁻²·s⁻¹'],
  ['um', 'µm'],
  ['{e}/nm2', 'e/nm²'],
  ['eV', 'eV'],
  ['K', 'K'],
  ['[furlong]', 'furlong'],
])('writes %s as %s', (code, text) => {
  expect(unitText(code)).toBe(text);
});

it('puts no space before the degree of an angle, and one that does not break before other units', () => {
  expect(withUnit('27.8', 'deg')).toBe('27.8°');
  expect(withUnit('711', 'eV')).toBe('711\u00a0eV');
  expect(withUnit('300', 'Cel')).toBe('300\u00a0°C');
  expect(withUnit('5', '1')).toBe('5');
});
