import { describe, expect, it } from 'vitest';
import { interpolate } from '../../src/kernel/array/interpolate.ts';
import { correlationShift } from '../../src/kernel/calibration/correlationShift.ts';
import { createZeroLossWork } from '../../src/kernel/calibration/zeroLossWork.ts';
import { zeroLossCentre, type ZeroLoss, type ZeroLossMethod } from '../../src/kernel/calibration/zeroLoss.ts';
import { expectAllClose, goldenCases, itAgrees, numbersOf, ofKind, type GoldenCase } from './goldenCases.ts';

const spectraOf = ({ inputs }: GoldenCase): Float64Array[] =>
  (inputs['Y'] as number[][]).map((row) => Float64Array.from(numbersOf(row)));
function axisOf({ inputs }: GoldenCase): Float64Array {
  const n = (inputs['Y'] as number[][])[0]!.length;
  const [offset, step] = [Number(inputs['energyOffset_eV']), Number(inputs['energyStep_eV'])];
  return Float64Array.from({ length: n }, (_, i) => offset + step * i);
}
function centresOf(golden: GoldenCase, method: ZeroLossMethod): ZeroLoss[] {
  const x = axisOf(golden);
  const range = golden.params['searchRange_eV'] as readonly [number, number] | undefined;
  const first = range === undefined ? 0 : x.findIndex((each) => each >= range[0]);
  const end = range === undefined ? x.length : x.findLastIndex((each) => each <= range[1]) + 1;
  const work = createZeroLossWork(6);
  return spectraOf(golden).map((values) =>
    zeroLossCentre(
      values,
      { method, x, first, end, work },
      { centre: NaN, standardError: NaN, channel: -1, isFlat: false, problem: null },
    ),
  );
}

/** What to add to a spectrum's axis so that it lies on the first one. */
function shiftsOf(golden: GoldenCase): number[] {
  const x = axisOf(golden);
  const spectra = spectraOf(golden);
  const step = Number(golden.inputs['energyStep_eV']);
  const [low, high] = golden.params['range_eV'] as readonly [number, number];
  const first = x.findIndex((each) => each >= low);
  const end = x.findLastIndex((each) => each <= high) + 1;
  return spectra.map((values) => step * correlationShift(values, spectra[0]!, { first, end, reach: 10 }));
}

/** What the project computes for a case, under the names of the file. */
function compute(golden: GoldenCase): Readonly<Record<string, unknown>> {
  const centres = (method: ZeroLossMethod): number[] => centresOf(golden, method).map(({ centre }) => centre);
  const method = String(golden.params['method']);
  if (method === 'argmax') return { centres_eV: centres('argmax') };
  if (method.startsWith('weighted Gaussian')) return { centres_eV: centres('gaussian') };
  if (method.startsWith('hyperspy')) return { shift_eV: shiftsOf(golden) };
  if (method.startsWith('linear')) {
    const from = axisOf(golden);
    const moves = numbersOf(golden.params['centres_eV']);
    const aligned = spectraOf(golden).map((values, k) =>
      interpolate(values, { from, to: from.map((each) => each + moves[k]!) }),
    );
    return { aligned_first3: aligned.slice(0, 3) };
  }
  return {
    parabola3_eV: centres('parabola'),
    logParabola3_eV: centres('logParabola'),
    centroid_eV: centres('centroid'),
  };
}

const cases = goldenCases('eels_zlp_alignment');

describe('the zero loss is found where hyperspy 1.7.3, lmfit 1.1.0 and numpy find it', () => {
  itAgrees(cases, compute);
});

describe('a zero loss that is none, flat, cut off or outshone', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { returns, flags, throws_or_flags: either, tolerance } = golden.required!;
      for (const method of ['gaussian', 'centroid', 'parabola', 'logParabola', 'argmax'] as const) {
        const [found] = centresOf(golden, method);
        if (returns !== undefined) {
          expect(found!.problem).toBeNull();
          const { centre_eV: centre } = returns as { readonly centre_eV: number };
          expectAllClose(found!.centre, centre, { rtol: 0, ...(tolerance as { atol: number }) }, method);
        } else expect(String(flags ?? either).startsWith(found!.problem!)).toBe(true);
      }
    });
});
