import { describe, expect, it } from 'vitest';
import { ANATASE, RUTILE } from '../../../src/kernel/tables/titaniaReflections.ts';
import type { TetragonalPhase } from '../../../src/kernel/tables/titaniaReflections.ts';

const spacing = (phase: TetragonalPhase, h: number, k: number, l: number): number =>
  1 / Math.sqrt((h * h + k * k) / phase.a ** 2 + (l * l) / phase.c ** 2);
const twoTheta = (d: number): number => (360 / Math.PI) * Math.asin(1.5405929 / (2 * d));

describe('reflections of TiO2', () => {
  it('put the strongest lines where powder files have them', () => {
    expect(twoTheta(spacing(ANATASE, 1, 0, 1))).toBeCloseTo(25.3, 1);
    expect(twoTheta(spacing(ANATASE, 2, 0, 0))).toBeCloseTo(48.04, 1);
    expect(twoTheta(spacing(RUTILE, 1, 1, 0))).toBeCloseTo(27.43, 1);
    expect(twoTheta(spacing(RUTILE, 2, 1, 1))).toBeCloseTo(54.32, 1);
  });

  it('obey the extinctions of the two space groups', () => {
    for (const [h, k, l] of ANATASE.reflections) expect((h + k + l) % 2).toBe(0);
    for (const [h, k, l] of RUTILE.reflections) if (h === 0 || k === 0) expect((h + k + l) % 2).toBe(0);
  });

  it('list every family once, with the multiplicity of its indices', () => {
    for (const { reflections } of [ANATASE, RUTILE]) {
      expect(new Set(reflections.map(([h, k, l]) => `${h} ${k} ${l}`)).size).toBe(reflections.length);
      for (const [h, k, l, multiplicity] of reflections) {
        const inPlane = h === 0 && k === 0 ? 1 : h === k || h === 0 || k === 0 ? 4 : 8;
        expect(multiplicity).toBe(inPlane * (l === 0 ? 1 : 2));
      }
    }
  });
});
