import { describe, expect, it } from 'vitest';
import { doniachSunjic } from '../../../src/kernel/peaks/doniachSunjic.ts';
import { createLineColumns } from '../../../src/kernel/peaks/lineColumns.ts';
import { PEAK_SHAPES, type PeakShapeName } from '../../../src/kernel/peaks/peakShape.ts';

const PARAMETERS: Readonly<Record<PeakShapeName, readonly number[]>> = {
  gaussian: [0.3, 1.7],
  lorentzian: [0.3, 1.7],
  pseudoVoigt: [0.3, 1.7, 0.35],
  voigt: [0.3, 1.2, 0.8],
  asymmetric: [0.3, 1.7, 0.35, 0.25],
  doniachSunjic: [0.3, 0.9, 0.12],
  step: [0.3, 1.7],
};

const valuesOf = (name: PeakShapeName, x: Float64Array, p: readonly number[]): Float64Array => {
  const out = createLineColumns(x.length);
  PEAK_SHAPES[name].fill(x, Float64Array.from(p), out);
  return out.value.slice();
};
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe.each(Object.entries(PARAMETERS) as [PeakShapeName, readonly number[]][])('%s', (name, p) => {
  it('has the derivatives that small steps show', () => {
    const x = Float64Array.from({ length: 61 }, (_, i) => -4.21 + 0.15 * i);
    const out = createLineColumns(x.length);
    PEAK_SHAPES[name].fill(x, Float64Array.from(p), out);
    for (let k = 0; k < p.length; k++) {
      const h = 1e-5;
      const up = valuesOf(
        name,
        x,
        p.map((value, j) => (j === k ? value + h : value)),
      );
      const down = valuesOf(
        name,
        x,
        p.map((value, j) => (j === k ? value - h : value)),
      );
      for (let i = 0; i < x.length; i++)
        expect(out.partials[k]![i], `${PEAK_SHAPES[name].parameters[k]} at ${x[i]}`).toBeCloseTo(
          (up[i]! - down[i]!) / (2 * h),
          7,
        );
    }
  });
});

describe('shapes of area 1', () => {
  it.each(['gaussian', 'lorentzian', 'pseudoVoigt', 'voigt', 'asymmetric'] as const)('%s', (name) => {
    const step = 0.01;
    const x = Float64Array.from({ length: 160_001 }, (_, i) => -800 + step * i);
    expect(sum(valuesOf(name, x, PARAMETERS[name])) * step).toBeCloseTo(1, 2);
  });

  it('an asymmetric line keeps its full width at half maximum', () => {
    const p = PARAMETERS.asymmetric;
    const [left, top, right] = valuesOf(
      'asymmetric',
      Float64Array.of(p[0]! - 0.625 * p[1]!, p[0]!, p[0]! + 0.375 * p[1]!),
      p,
    ) as unknown as number[];
    expect(left! / top!).toBeCloseTo(0.5, 12);
    expect(right! / top!).toBeCloseTo(0.5, 12);
  });

  it('a Voigt without Gaussian is a Lorentzian, without Lorentzian a Gaussian', () => {
    const x = Float64Array.from({ length: 41 }, (_, i) => -4 + 0.2 * i);
    const lorentzian = valuesOf('lorentzian', x, [0.1, 1.3]);
    valuesOf('voigt', x, [0.1, 0, 1.3]).forEach((value, i) => expect(value / lorentzian[i]!).toBeCloseTo(1, 3));
    const gaussian = valuesOf('gaussian', x, [0.1, 1.3]);
    valuesOf('voigt', x, [0.1, 1.3, 0]).forEach((value, i) => expect(value).toBeCloseTo(gaussian[i]!, 10));
  });

  it('a metal has its tail on the side of the sign, and none at 0', () => {
    expect(doniachSunjic(3, 0, 1, 0.1)).toBeGreaterThan(doniachSunjic(-3, 0, 1, 0.1));
    expect(doniachSunjic(3, 0, 1, -0.1)).toBe(doniachSunjic(-3, 0, 1, 0.1));
    expect(doniachSunjic(0.5, 0, 1, 0) / doniachSunjic(0, 0, 1, 0)).toBeCloseTo(0.5, 12);
  });
});
