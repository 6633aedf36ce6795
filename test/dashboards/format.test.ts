import { describe, expect, it } from 'vitest';
import {
  age,
  clock,
  clockMs,
  contextNumber,
  counts,
  duration,
  falseAlarms,
  fixed,
  halfInterval,
  percent,
  quantity,
  scaled,
  sigmas,
  signed,
  signedPercent,
  utcOffset,
  withError,
  withInterval,
} from '../../dashboards/web/src/format.ts';
import {
  axisText,
  digitsFor,
  doseScale,
  placeText,
  plainWords,
  rangeText,
  unitText,
  withUnit,
} from '../../dashboards/web/src/units.ts';

const at = (text: string) => new Date(text).getTime() * 1000;

describe('numbers on the page', () => {
  it('groups counts with narrow spaces that do not break from four digits', () => {
    expect(counts(999)).toBe('999');
    expect(counts(1400)).toBe('1\u202f400');
    expect(counts(18_340.4)).toBe('18\u202f340');
    expect(counts(-1_234_567)).toBe('−1\u202f234\u202f567');
  });
  it('writes a dash for what is missing, never zero and never nothing', () => {
    for (const write of [counts, age, duration, clock, clockMs, percent, signedPercent, sigmas]) {
      expect(write(Number.NaN)).toBe('–');
    }
    expect(withError(Number.NaN, 1)).toBe('–');
    expect(withUnit('–', 'K')).toBe('–');
  });
  it('writes a true minus, and none before zero', () => {
    expect(fixed(-0.04, 1)).toBe('0.0');
    expect(fixed(-7.6, 1)).toBe('−7.6');
    expect(signed(-0.2, 0)).toBe('0');
    expect(signed(0.2, 0)).toBe('0');
    expect(signed(20, 0)).toBe('+20');
  });
  it('gives σ a sign always, and one decimal below ten', () => {
    expect(sigmas(66.4)).toBe('+66');
    expect(sigmas(-9.14)).toBe('−9.1');
    expect(sigmas(-9.96)).toBe('−10');
  });
  it('gives percent whole, with one decimal below ten', () => {
    expect(percent(70.2)).toBe('70\u00a0%');
    expect(percent(9.94)).toBe('9.9\u00a0%');
    expect(percent(9.96)).toBe('10\u00a0%');
    expect(percent(0)).toBe('0\u00a0%');
    expect(signedPercent(71)).toBe('+71\u00a0%');
    expect(signedPercent(-4.12)).toBe('−4.1\u00a0%');
  });
  it('writes slow signals with the digits that matter', () => {
    expect(contextNumber(955.53)).toBe('956');
    expect(contextNumber(36.64)).toBe('36.6');
    expect(contextNumber(3.7)).toBe('3.700');
    expect(contextNumber(306_563)).toBe('307 × 10³');
    expect(contextNumber(-0.000020156)).toBe('−20.2 × 10⁻⁶');
    expect(contextNumber(0)).toBe('0.000');
  });
  it('writes means with three significant digits', () => {
    expect(quantity(8.234)).toBe('8.23');
    expect(quantity(41)).toBe('41');
    expect(quantity(1404.2)).toBe('1\u202f404');
    expect(quantity(-0.012345)).toBe('−0.0123');
  });
  it('rounds an error to one digit, to two if it starts with 1, and the value to the same place', () => {
    expect(withError(0.02123, 0.0042)).toBe('0.021 ± 0.004');
    expect(withError(0.02123, 0.00142)).toBe('0.0212 ± 0.0014');
    expect(withError(-1234, 38)).toBe('−1\u202f230 ± 40');
    expect(withError(12.3456, 0.96)).toBe('12.3 ± 1.0');
    expect(withInterval(0.0834, 0.019, 0.016)).toBe('0.083 +0.019 −0.016');
  });
  it('gives value and budget one power of ten divisible by three', () => {
    expect(scaled(22_600, 30_000)).toEqual({ number: '22.6', power: ' × 10³' });
    expect(scaled(600, 30_000)).toEqual({ number: '0.6', power: ' × 10³' });
    expect(scaled(21.04, 30)).toEqual({ number: '21.0', power: '' });
    expect(scaled(2.1e7, 3e7)).toEqual({ number: '21.0', power: ' × 10⁶' });
  });
});

describe('times on the page', () => {
  it('writes a duration in two parts at most', () => {
    expect(duration(48)).toBe('48\u00a0s');
    expect(duration(800)).toBe('13\u00a0min 20\u00a0s');
    expect(duration(302)).toBe('5\u00a0min 02\u00a0s');
    expect(duration(600)).toBe('10\u00a0min');
    expect(duration(7_800)).toBe('2\u00a0h 10\u00a0min');
    expect(duration(28_800)).toBe('8\u00a0h');
    expect(duration(273_600)).toBe('3\u00a0d 4\u00a0h');
    expect(duration(-3)).toBe('0\u00a0s');
    expect(duration(59.7)).toBe('1\u00a0min');
  });
  it('writes tenths only for ages under ten seconds', () => {
    expect(age(0.42)).toBe('0.4\u00a0s');
    expect(age(9.94)).toBe('9.9\u00a0s');
    expect(age(9.96)).toBe('10\u00a0s');
    expect(age(-1)).toBe('0.0\u00a0s');
  });
  it('writes half an interval after ±', () => {
    expect(halfInterval(0, 8e6)).toBe('±\u00a04\u00a0s');
    expect(halfInterval(0, 1.6e6)).toBe('±\u00a00.8\u00a0s');
    expect(halfInterval(0, 1e4)).toBe('±\u00a00.005\u00a0s');
  });
  it('writes local time, 24 h, milliseconds where asked', () => {
    expect(clock(at('2026-11-23T09:31:32.480'))).toBe('09:31:32');
    expect(clockMs(at('2026-11-23T16:02:11.480'))).toBe('16:02:11.480');
  });
  it('writes the offset of the zone', () => {
    expect(utcOffset(0)).toBe('UTC');
    expect(utcOffset(-60)).toBe('UTC+1');
    expect(utcOffset(210)).toBe('UTC−3:30');
  });
  it('writes false alarms in words, and says so when they are not known', () => {
    expect(falseAlarms(288_000, 100_000)).toBe('one per 8\u00a0h of quiet data');
    expect(falseAlarms(10_000, 1e6)).toBe('one per 2\u00a0h 47\u00a0min of quiet data');
    expect(falseAlarms(28_800, null)).toBe('one per 28\u202f800 frames of quiet data');
    expect(falseAlarms(undefined, 1e6)).toBe('not known');
  });
});

describe('units and places', () => {
  it('prints UCUM codes as the field does', () => {
    expect(unitText('Cel')).toBe('°C');
    expect(unitText('nm-1')).toBe('nm⁻¹');
    expect(unitText('Ao-1')).toBe('Å⁻¹');
    expect(unitText('cm-1')).toBe('cm⁻¹');
    expect(unitText('Gy/s')).toBe('Gy/s');
    expect(unitText('{e}/nm2')).toBe('e⁻/nm²');
    expect(unitText('1')).toBe('');
    expect(axisText('twoTheta')).toBe('2θ');
  });
  it('sets a no-break space before a unit, and none before the degree of an angle', () => {
    expect(withUnit('230', 'Cel')).toBe('230\u00a0°C');
    expect(withUnit('30.9', 'deg')).toBe('30.9°');
    expect(withUnit('0.5', '1')).toBe('0.5');
  });
  it('names a place on the axis to the width of what is there', () => {
    const twoTheta = { axisName: 'twoTheta', axisUnit: 'deg' };
    expect(placeText(30.9, digitsFor(0.9), twoTheta)).toBe('30.9° 2θ');
    expect(placeText(641.3, digitsFor(8), { axisName: 'energy', axisUnit: 'eV' })).toBe('641\u00a0eV');
    expect(rangeText(30.45, 31.35, 2)).toBe('30.45–31.35');
  });
  it('shows fluence per Å² and large doses in MGy', () => {
    expect(doseScale('{e}/nm2', 1e6, 'SEM')).toEqual({ factor: 0.01, unit: 'e⁻/Å²' });
    expect(doseScale('nm-2', 1e6, 'EELS')).toEqual({ factor: 0.01, unit: 'e⁻/Å²' });
    expect(doseScale('nm-2', 1e6, 'Raman')).toEqual({ factor: 1, unit: 'nm⁻²' });
    expect(doseScale('Gy', 3e7, 'XRD')).toEqual({ factor: 1e-6, unit: 'MGy' });
    expect(doseScale('Gy', 100, 'XRD')).toEqual({ factor: 1, unit: 'Gy' });
  });
  it('turns the names of stages into words', () => {
    expect(plainWords('regionScan')).toBe('Region scan');
    expect(plainWords('beam_current')).toBe('Beam current');
  });
});
