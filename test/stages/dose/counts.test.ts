import { describe, expect, it } from 'vitest';
import { DOSE } from '../../../src/model/doseReading.ts';
import counts from '../../../src/stages/dose/counts.ts';
import { ledgerRun } from './ledgerRun.ts';

type Settings = Parameters<typeof counts.create>[1];
/** 100 counts stand for 1 Gy. */
const settings: Settings = { countsPerUnit: 100, unit: 'Gy', maximum: 1000, limit: 1e4 };
const frame = (...values: number[]) => ({ values: Float64Array.from(values) });

describe('dose.counts', () => {
  it('takes counts for dose, and what went unseen for as much per time', () => {
    const { values, of } = ledgerRun(counts.create('dose', settings), [
      frame(150, 50),
      { ...frame(200, 200), unseenExposureUs: 200_000 },
    ]);
    expect(values(DOSE.ofFrame).map((each) => Number(each.toFixed(9)))).toEqual([2, 4]);
    expect(values(DOSE.spent)[1]).toBeCloseTo(2 + 4 + 2 * 3, 9);
    expect(of(DOSE.rate)[0]).toMatchObject({ unit: 'Gy.s-1', quality: 'valid' });
  });

  it('counts a region alone', () => {
    const { values } = ledgerRun(counts.create('dose', { ...settings, region: [1, 1] }), [frame(150, 50)]);
    expect(values(DOSE.spent)[0]).toBeCloseTo(0.5, 12);
  });

  it('takes masked channels to hold as much as the others, and charges the maximum when there are none', () => {
    const { values, of } = ledgerRun(counts.create('dose', settings), [
      { ...frame(150, 50), mask: Uint8Array.of(0, 1) },
      { ...frame(150, 50), mask: Uint8Array.of(1, 1) },
    ]);
    expect(values(DOSE.spent)[0]).toBeCloseTo(3, 12);
    expect(values(DOSE.spent)[1]).toBeCloseTo(103, 9);
    expect(of(DOSE.spent)[1]!.quality).toBe('invalid');
  });

  it('does not take a frame without counts for a beam that is off', () => {
    const { values } = ledgerRun(counts.create('dose', { ...settings, timeLimit: '1 s' }), [frame(0, 0), frame(0, 0)]);
    expect(values(DOSE.timeFraction)[1]).toBeCloseTo(0.2, 12);
    expect(values(DOSE.spent)[1]).toBe(0);
  });
});
