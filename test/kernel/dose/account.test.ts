import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charge, openAccount, spentOf } from '../../../src/kernel/dose/account.ts';

describe('account', () => {
  it('adds up without the error of plain summation', () => {
    const account = openAccount();
    for (let k = 0; k < 1_000_000; k++) charge(account, 0.1);
    expect(Math.abs(spentOf(account) / 1e5 - 1)).toBeLessThan(1e-15);
    expect(account.charges).toBe(1_000_000);
  });

  it('keeps what is too small for the sum, until it matters', () => {
    const account = openAccount();
    charge(account, 1e16);
    for (let k = 0; k < 1000; k++) charge(account, 0.5);
    expect(spentOf(account)).toBe(1e16 + 500);
  });

  it('never decreases, whatever is charged', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, max: 1e300 })), (charges) => {
        const account = openAccount();
        let before = 0;
        for (const amount of charges) {
          const total = charge(account, amount);
          expect(total).toBeGreaterThanOrEqual(before);
          before = total;
        }
      }),
    );
  });

  it('charges nothing for 0 and below, and refuses what cannot be added', () => {
    const account = openAccount();
    charge(account, 1);
    expect(charge(account, -5)).toBe(1);
    expect(charge(account, 0)).toBe(1);
    expect(account.charges).toBe(1);
    expect(() => charge(account, NaN)).toThrow(RangeError);
    expect(() => charge(account, Infinity)).toThrow(RangeError);
  });
});
