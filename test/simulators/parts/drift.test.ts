import { describe, expect, it } from 'vitest';
import { createDrift } from '../../../simulators/parts/drift.ts';
import type { DriftSetting } from '../../../simulators/parts/drift.ts';
import { Purpose, seedPurpose } from '../../../simulators/parts/randomStreams.ts';

/** Values after each of `steps` steps of `dtS`. */
function follow(setting: DriftSetting, steps: number, dtS: number, seed = 1, strength = 1): number[] {
  const drift = createDrift(setting, strength);
  return Array.from({ length: steps }, (_, i) => {
    drift.advance((i + 1) * dtS, dtS, seedPurpose(seed, Purpose.drift, i));
    return drift.value;
  });
}
const meanSquare = (values: readonly number[]): number => values.reduce((sum, x) => sum + x * x, 0) / values.length;

describe('a drifting quantity', () => {
  it('wanders with its standard deviation and forgets in its correlation time', () => {
    const values = follow({ wander: { sigma: 0.15, tauS: 50 } }, 100_000, 1);
    expect(Math.sqrt(meanSquare(values)) / 0.15).toBeCloseTo(1, 1);
    const lag = 50;
    const correlation =
      values.slice(lag).reduce((sum, x, i) => sum + x * values[i], 0) / (values.length - lag) / meanSquare(values);
    expect(correlation).toBeCloseTo(Math.exp(-1), 1);
  });

  it('walks as far in an hour as it should, in long steps or short', () => {
    for (const dtS of [10, 100]) {
      const ends = Array.from(
        { length: 400 },
        (_, seed) => follow({ walkPerRootHour: 0.3 }, 3600 / dtS, dtS, seed).at(-1) ?? NaN,
      );
      expect(Math.sqrt(meanSquare(ends)) / 0.3).toBeCloseTo(1, 0.9);
    }
  });

  it('adds a rate and a sine', () => {
    const values = follow({ ratePerHour: -0.1, sine: { amplitude: 2, periodS: 3600 } }, 3600, 1);
    expect(values[899]).toBeCloseTo(2 - 0.025, 6);
    expect(values[3599]).toBeCloseTo(-0.1, 6);
  });

  it('jumps once an hour on average, by no more and no less than allowed', () => {
    const values = follow({ jumps: { least: 0.2, most: 1, perHour: 1 } }, 360_000, 1);
    const sizes = values.map((value, i) => Math.abs(value - (values[i - 1] ?? 0))).filter((size) => size > 1e-9);
    expect(Math.abs(sizes.length - 100)).toBeLessThan(40);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0.2 - 1e-9);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('falls between two refills, and begins anew after each', () => {
    const values = follow({ topUp: { part: 0.007, everyS: 120 } }, 300, 1);
    expect(values[59]).toBeCloseTo(-0.0035, 9);
    expect(values[119]).toBeCloseTo(0, 9);
    expect(values[238]).toBeCloseTo((-0.007 * 119) / 120, 9);
  });

  it('draws as many numbers whether or not it moves', () => {
    const still = seedPurpose(1, Purpose.drift, 0);
    const moving = seedPurpose(1, Purpose.drift, 0);
    createDrift({}, 0).advance(1, 1, still);
    createDrift({ wander: { sigma: 1, tauS: 1 }, walkPerRootHour: 1 }, 3).advance(1, 1, moving);
    expect(still).toEqual(moving);
  });
});
