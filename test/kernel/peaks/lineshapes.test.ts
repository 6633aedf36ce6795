import { describe, expect, it } from 'vitest';
import { addPseudoVoigt } from '../../../src/kernel/peaks/addPseudoVoigt.ts';
import { combineWidths, gaussian, lorentzian, pseudoVoigt } from '../../../src/kernel/peaks/lineshapes.ts';

const integral = (f: (x: number) => number, from: number, to: number, steps = 200_000): number => {
  const h = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += f(from + (i + 0.5) * h) * h;
  return sum;
};

describe('line shapes', () => {
  it('have area 1', () => {
    expect(integral((x) => gaussian(x, 0.3, 1.7), -20, 20)).toBeCloseTo(1, 10);
    const beyond = (2 / Math.PI) * Math.atan(1.7 / 2 / 400);
    expect(integral((x) => lorentzian(x, 0, 1.7), -400, 400)).toBeCloseTo(1 - beyond, 8);
    expect(integral((x) => pseudoVoigt(x, 0, 1.7, 0.4), -400, 400)).toBeCloseTo(1 - 0.4 * beyond, 8);
  });

  it('fall to half their height at half their full width', () => {
    for (const shape of [gaussian, lorentzian]) expect(shape(2.85, 2, 1.7) / shape(2, 2, 1.7)).toBeCloseTo(0.5, 12);
    expect(pseudoVoigt(1.15, 2, 1.7, 0.3) / pseudoVoigt(2, 2, 1.7, 0.3)).toBeCloseTo(0.5, 12);
  });

  it('combine a Gaussian and a Lorentzian width as Thompson, Cox and Hastings do', () => {
    expect(combineWidths(2, 0)).toEqual({ width: 2, eta: 0 });
    const pure = combineWidths(0, 3);
    expect(pure.width).toBeCloseTo(3, 12);
    expect(pure.eta).toBeCloseTo(1, 5);
    expect(combineWidths(1, 1).width).toBeCloseTo((1 + 2.69269 + 2.42843 + 4.47163 + 0.07842 + 1) ** 0.2, 12);
  });

  it('stay within 0.5 % of the width of a true Voigt', () => {
    // Full width of a Voigt by Olivero and Longbothum (1977), good to 0.02 %.
    for (const l of [0.1, 0.5, 1, 2, 5])
      expect(Math.abs(combineWidths(1, l).width / (0.5346 * l + Math.sqrt(0.2166 * l * l + 1)) - 1)).toBeLessThan(
        0.005,
      );
  });
});

describe('addPseudoVoigt', () => {
  it('adds the same as the formula, channel by channel, inside and outside the window', () => {
    const axis = { start: 20, step: 0.04 };
    for (const centre of [15, 20.01, 33.333, 61, 70]) {
      const out = new Float64Array(1024).fill(1);
      addPseudoVoigt(axis, 50, centre, 0.3, 0.6, out);
      out.forEach((value, i) => expect(value).toBeCloseTo(1 + 50 * pseudoVoigt(20 + i * 0.04, centre, 0.3, 0.6), 11));
    }
  });
});
