import { describe, expect, it } from 'vitest';
import { ramanShiftOf } from '../../../src/kernel/calibration/ramanShift.ts';
import { POWDER_STANDARDS, powderAngles } from '../../../src/kernel/tables/powderStandards.ts';
import { REFERENCE_TABLES } from '../../../src/kernel/tables/referenceLines.ts';

/** Cu K-alpha 1, angstrom. */
const CU_KALPHA1 = 1.540593;

describe('the reflections of powder standards', () => {
  it.each([
    ['LaB6', [21.358, 30.385, 37.442, 43.507]],
    ['Si', [28.441, 47.301, 56.12]],
    ['CeO2', [28.55, 33.085, 47.486, 56.348]],
  ] as const)('of %s lie where powder diffraction files have them for copper', (name, wanted) => {
    const angles = powderAngles(POWDER_STANDARDS[name], CU_KALPHA1);
    wanted.forEach((angle, k) => expect(Math.abs(angles[k]! - angle)).toBeLessThan(0.01));
  });
});

describe('the reference lines', () => {
  it.each(Object.entries(REFERENCE_TABLES))(
    'of %s rise or fall in order, no two alike, each with an uncertainty',
    (_name, { lines }) => {
      const positions = lines.map(({ position }) => position);
      expect([...positions].sort((a, b) => a - b)).toEqual(positions);
      expect(new Set(positions).size).toBe(positions.length);
      for (const { uncertainty } of lines) expect(uncertainty).toBeGreaterThan(0);
    },
  );

  it('of neon lie in vacuum where the laser is said to be: the gap of two lines is that of their air wavelengths, but for air', () => {
    const [first, last] = [REFERENCE_TABLES.neon.lines[0]!, REFERENCE_TABLES.neon.lines.at(-1)!];
    const gap = ramanShiftOf(last.position, 532) - ramanShiftOf(first.position, 532);
    const inAir = 1e7 / first.position - 1e7 / last.position;
    // Air shortens waves by 2.7 in ten thousand.
    expect(1 - gap / inAir).toBeGreaterThan(2.5e-4);
    expect(1 - gap / inAir).toBeLessThan(3e-4);
  });
});
