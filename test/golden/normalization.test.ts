import { describe, expect, it } from 'vitest';
import { anscombe } from '../../src/kernel/normalisation/anscombe.ts';
import { divideByArea } from '../../src/kernel/normalisation/area.ts';
import { areaCovariance } from '../../src/kernel/normalisation/areaCovariance.ts';
import { divideByNorm } from '../../src/kernel/normalisation/euclidean.ts';
import { divideByMaximum } from '../../src/kernel/normalisation/maximum.ts';
import { poissonScaling, scalePoisson } from '../../src/kernel/normalisation/poissonScaling.ts';
import { divideByWeightedSum, referencePeakWeights } from '../../src/kernel/normalisation/referencePeak.ts';
import { snv } from '../../src/kernel/normalisation/snv.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

/** Normalises one spectrum; gives what it was divided by, 0 for a flag. */
function normalise(values: Float64Array, params: GoldenCase['params'], out: Float64Array): number {
  switch (params['kind']) {
    case 'area':
      return divideByArea(values, {}, out);
    case 'max':
      return divideByMaximum(values, {}, out);
    case 'l2':
      return divideByNorm(values, {}, out);
    case 'snv-ddof1':
      return snv(values, { ddof: 1 }, out);
    case 'snv-ddof0':
      return snv(values, { ddof: 0 }, out);
    case 'anscombe':
      return anscombe(values, {}, out);
    case 'reference-window': {
      const [first, end] = params['referenceWindow'] as [number, number];
      const weights = referencePeakWeights({ first, end, sides: 0 }, new Float64Array(values.length));
      return divideByWeightedSum(values, { weights }, out);
    }
    default:
      throw new Error(`no normalisation is called '${String(params['kind'])}'`);
  }
}

const spectra = (golden: GoldenCase): Float64Array[] => (golden.inputs['Y'] as unknown[]).map(numbers);
const run = (golden: GoldenCase) =>
  spectra(golden).map((values) => {
    const out = new Float64Array(values.length);
    return { divisor: normalise(values, golden.params, out), out };
  });

const cases = goldenCases('normalization');

describe('normalisations agree with their equations', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { Y, varDiag, covRow40, rowScale, colScale, scaled } = golden.expected;
      const { tolerance } = golden;
      if (Y !== undefined) run(golden).forEach(({ out }, k) => expectClose(out, (Y as unknown[])[k], tolerance));
      if (varDiag !== undefined) {
        const counts = spectra(golden)[golden.inputs['row'] as number]!;
        const fractions = new Float64Array(counts.length);
        const outVariances = new Float64Array(counts.length);
        const area = divideByArea(counts, { variances: counts, outVariances }, fractions);
        expectClose(outVariances, varDiag, tolerance);
        expectClose(areaCovariance(fractions, counts, area, 40, new Float64Array(counts.length)), covRow40, tolerance);
      }
      if (scaled !== undefined) {
        const scaling = poissonScaling(spectra(golden));
        expectClose(scaling.rows, rowScale, tolerance);
        expectClose(scaling.channels, colScale, tolerance);
        spectra(golden).forEach((spectrum, row) =>
          expectClose(
            scalePoisson(spectrum, row, scaling, new Float64Array(spectrum.length)),
            (scaled as unknown[])[row],
            tolerance,
          ),
        );
      }
    });
});

describe('normalisations meet what has no norm', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, throws_or_clamps: clamps, returns } = golden.required;
      if (throws !== undefined) {
        expect(() => run(golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
        return;
      }
      const [got] = run(golden);
      if (clamps !== undefined) {
        expect(got!.divisor, 'channels clamped').toBe(1);
        expect([...got!.out]).toEqual([0]);
        return;
      }
      expect(got!.divisor, 'flag').toBe(0);
      if (returns !== undefined) expect([...got!.out]).toEqual((returns as { Y: number[][] }).Y[0]);
    });
});
