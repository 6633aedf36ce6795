import { describe, expect, it } from 'vitest';
import { detectableFloor, floorDeviation } from '../../../src/kernel/dose/detectableFloor.ts';

const known = { counts: 2000, signal: 1000, learnedFrames: Infinity };

describe('the detectable floor', () => {
  it('is the published one for 1 000 counts of signal on as many of background', () => {
    const z = floorDeviation(1e4);
    const floors = [1, 8, 64].map((n) => detectableFloor(known, n, z));
    expect(floors[0]).toBeCloseTo(0.257, 3);
    expect(floors[1]).toBeCloseTo(0.089, 3);
    expect(floors[2]).toBeCloseTo(0.031, 3);
    expect(detectableFloor({ ...known, learnedFrames: 100 }, 64, z)).toBeCloseTo(0.04, 3);
  });

  it('falls with the window only as far as the baseline allows', () => {
    const z = floorDeviation(1e4);
    const learned = { ...known, learnedFrames: 100 };
    const limit = (z * Math.sqrt(2000 / 100)) / 1000;
    expect(detectableFloor(learned, 4000, z)).toBeGreaterThan(limit);
    expect(detectableFloor(learned, 4000, z)).toBeLessThan(1.02 * limit);
  });

  it('is lower for a loss, whose counts scatter less', () => {
    const z = floorDeviation(1e4);
    const few = { counts: 20, signal: 10, learnedFrames: Infinity };
    const excess = (z * z) / (4 * 8) / 10;
    expect(detectableFloor(few, 8, z, 1) - detectableFloor(few, 8, z, -1)).toBeCloseTo(2 * excess, 9);
  });

  it('is infinite without a signal', () => {
    expect(detectableFloor({ ...known, signal: 0 }, 8, 5)).toBe(Infinity);
    expect(detectableFloor({ ...known, signal: -3 }, 8, 5)).toBe(Infinity);
  });

  it('refuses a run length that is no run', () => {
    expect(() => floorDeviation(1)).toThrow(RangeError);
    expect(() => floorDeviation(NaN)).toThrow(RangeError);
  });
});
