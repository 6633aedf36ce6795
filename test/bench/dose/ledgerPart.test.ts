import { describe, expect, it } from 'vitest';
import { createExactSum, relativeError } from '../../../bench/dose/exactSum.ts';
import { ledgerPart } from '../../../bench/dose/ledgerPart.ts';

describe('exactSum', () => {
  it('loses nothing, however large and small', () => {
    const sum = createExactSum([1, 3]);
    for (const value of [1e300, 5e-324, 0.1, 2 ** -40]) sum.add(value, 0);
    sum.add(0.5, 1);
    const of = (value: number): bigint => {
      const one = createExactSum([1]);
      one.add(value, 0);
      return one.total();
    };
    expect(of(5e-324)).toBe(1n);
    expect(of(1)).toBe(1n << 1074n);
    expect(sum.total()).toBe(of(1e300) + 1n + of(0.1) + of(2 ** -40) + of(1.5));
  });

  it('measures how far a sum is off', () => {
    const third = createExactSum([1]);
    third.add(1, 0);
    expect(relativeError(1 / 3, third.total(), 3n) / 2 ** -54).toBeCloseTo(1, 9);
    expect(relativeError(1 + 1e-9, third.total(), 1n)).toBeCloseTo(1e-9, 15);
  });
});

describe('the ledger', () => {
  it('adds up 10^5 charges to the last figure, where plain sums do not', () => {
    const report = ledgerPart({ charges: 1e5 });
    expect(report.charges).toBe(1e5);
    expect(report.relativeError).toBeLessThan(3e-16);
    expect(report.naiveRelativeError).toBeGreaterThan(3 * report.relativeError);
    expect(report.float32RelativeError).toBeGreaterThan(1e-7);
  });
});
