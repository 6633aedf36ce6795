import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeFluence, fluenceOf } from '../../../src/kernel/dose/fluence.ts';

describe('fluence', () => {
  it('of 1 pA for 1 s on 1 square angstrom is 6.2415e6 electrons per square angstrom', () => {
    expect(fluenceOf(1e-12, 1e6, 0.01) / 100).toBeCloseTo(6.241509074e6, 0);
  });

  it('adds up without the error of plain summation', () => {
    const account = { sum: 0, compensation: 0 };
    for (let k = 0; k < 1_000_000; k++) chargeFluence(account, 0.1);
    expect(Math.abs(chargeFluence(account, 0) / 1e5 - 1)).toBeLessThan(1e-15);
  });

  it('never decreases, whatever is charged', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (charges) => {
        const account = { sum: 0, compensation: 0 };
        let before = 0;
        for (const charge of charges.filter((value) => value !== Infinity && value < 1e300)) {
          const total = chargeFluence(account, charge);
          expect(total).toBeGreaterThanOrEqual(before);
          before = total;
        }
      }),
    );
  });

  it('counts negative current as none and refuses what is no number', () => {
    expect(fluenceOf(-1e-12, 1e6, 1)).toBe(0);
    expect(() => fluenceOf(NaN, 1e6, 1)).toThrow(RangeError);
    expect(() => fluenceOf(1, 1e6, 0)).toThrow(RangeError);
  });
});
