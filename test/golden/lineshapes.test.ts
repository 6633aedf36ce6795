import { describe, expect, it } from 'vitest';
import { doniachSunjic } from '../../src/kernel/peaks/doniachSunjic.ts';
import { faddeeva } from '../../src/kernel/peaks/faddeeva.ts';
import { combineWidths, pseudoVoigt } from '../../src/kernel/peaks/lineshapes.ts';
import { FWHM_PER_SIGMA, voigt, voigtWidth } from '../../src/kernel/peaks/voigt.ts';
import { expectAllClose, goldenCases, itAgrees, numbersOf, ofKind, type GoldenCase } from './goldenCases.ts';

type Computed = Readonly<Record<string, number | readonly number[] | readonly (readonly number[])[]>>;

/** What the project computes for a case, under the names of the file. */
function compute({ inputs, params }: GoldenCase): Computed {
  const p = params as Readonly<Record<string, number>>;
  const shape = String(params['shape'] ?? params['function']);
  const x = 'x' in inputs ? numbersOf(inputs['x']) : [];
  if (shape === 'voigt') {
    const widths = [FWHM_PER_SIGMA * p['sigma']!, 2 * p['gamma']!] as const;
    const y = x.map((each) => voigt(each, p['center'] ?? 0, ...widths));
    return { y, fwhmOlivero: voigtWidth(...widths) };
  }
  if (shape.startsWith('pseudo-voigt'))
    return { y: x.map((each) => pseudoVoigt(each, p['center']!, p['fwhm']!, p['eta']!)) };
  if (shape === 'Thompson-Cox-Hastings') {
    const { width, eta } = combineWidths(p['fwhmGauss']!, p['fwhmLorentz']!);
    return { fwhm: width, eta };
  }
  if (shape.startsWith('doniach')) {
    // The peer puts the tail on the low side, and does not divide by pi.
    const { amplitude, center, sigma, gamma } = p as Record<string, number>;
    return { y: x.map((each) => amplitude! * Math.PI * doniachSunjic(each, center!, 2 * sigma!, -gamma!)) };
  }
  const grid = numbersOf(inputs['re']).map((re) =>
    numbersOf(inputs['im']).map((im) => faddeeva(re, im, { re: 0, im: 0 })),
  );
  return { wRe: grid.map((row) => row.map(({ re }) => re)), wIm: grid.map((row) => row.map(({ im }) => im)) };
}

const cases = goldenCases('lineshapes');

describe('line shapes agree with scipy 1.10.1 and lmfit 1.1.0', () => {
  itAgrees(cases, compute);
});

describe('line shapes meet widths that are none', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, returns } = golden.required!;
      if (throws !== undefined)
        expect(() => compute(golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
      else
        expectAllClose(
          compute(golden)['y'],
          (returns as Record<string, unknown>)['y'],
          { rtol: 2e-8, atol: 1e-12 },
          'y',
        );
    });
});
