import { describe, expect, it } from 'vitest';
import { whiteLines } from '../../src/kernel/eels/whiteLines.ts';
import { createPeakFit } from '../../src/kernel/peaks/peakFit.ts';
import { fitPeaks } from '../../src/kernel/peaks/fitPeaks.ts';
import { constant, parameter, type Affine, type PeakModel } from '../../src/kernel/peaks/peakModel.ts';
import { FWHM_PER_SIGMA } from '../../src/kernel/peaks/voigt.ts';
import { expectAllClose, goldenCases, itHasCases, numbersOf, type GoldenCase } from './goldenCases.ts';

type Pair = readonly [number, number];
type Numbers = Readonly<Record<string, number>>;

function pearson({ inputs, params }: GoldenCase): Numbers {
  const found = whiteLines(Float64Array.from(numbersOf(inputs['y'])), {
    energyOffset: Number(inputs['energyOffset_eV']),
    energyStep: Number(inputs['energyStep_eV']),
    preEdge: params['preEdge_eV'] as Pair,
    plateau: params['plateau_eV'] as Pair,
    stepWeights: params['stepWeights'] as Pair,
    stepWidth: Number(params['stepWidth_eV']),
    window: params['window_eV'] as Pair,
    l2Search: params['L2search_eV'] as Pair,
  });
  return {
    L3_eV: found.l3,
    L2_eV: found.l2,
    A3: found.area3,
    A2: found.area2,
    ratio: found.ratio,
    ratioSigma_poisson: found.ratioError,
  };
}

const NAMES = ['c3', 'd', 's'] as const;

/** The file fits heights a; ours are areas a s sqrt(2 pi), whose first guess needs no value. */
function modelOf({ params }: GoldenCase): PeakModel {
  const bounds = params['bounds'] as Readonly<Record<string, readonly (number | string)[]>>;
  const starts: Numbers = { c3: 709, d: 13, s: 1 };
  const parameters = NAMES.map((name) => {
    const [low, high] = bounds[name]!.map(Number) as [number, number];
    const factor = name === 's' ? FWHM_PER_SIGMA : 1;
    return { name, start: starts[name]! * factor, low: low * factor, high: high * factor };
  });
  const at = (plus: number, isL2: boolean): Affine => ({
    constant: plus,
    terms: (isL2 ? [0, 1] : [0]).map((index) => ({ parameter: index, factor: 1 })),
  });
  const positive = { low: 0, high: Infinity };
  return {
    parameters,
    components: [
      { name: 'a3', ...positive, lines: [{ shape: 'gaussian', weight: 1, parameters: [at(0, false), parameter(2)] }] },
      {
        name: 'a2',
        ...positive,
        lines: [{ shape: 'gaussian', weight: 1, parameters: [at(0, true), parameter(2, 1.25)] }],
      },
      {
        name: 'st',
        ...positive,
        lines: [
          { shape: 'step', weight: 2 / 3, parameters: [at(0.6, false), constant(1)] },
          { shape: 'step', weight: 1 / 3, parameters: [at(0.6, true), constant(1)] },
        ],
      },
      { name: 'b', ...positive, lines: [], background: { power: 0, origin: 0, span: 1 } },
    ],
  };
}

const cases = goldenCases('eels_white_lines');

describe('white lines agree with numpy and lmfit 1.1.0', () => {
  itHasCases(cases);

  for (const golden of cases.filter(({ params }) => 'preEdge_eV' in params))
    it(golden.id, () => {
      const got = pearson(golden);
      for (const [name, want] of Object.entries(golden.expected!))
        expectAllClose(got[name], want, golden.tolerance!, name);
    });

  for (const golden of cases.filter(({ params }) => 'bounds' in params))
    it(golden.id, () => {
      const { inputs, expected, tolerance } = golden;
      const y = Float64Array.from(numbersOf(inputs['y']));
      const x = y.map((_, i) => Number(inputs['energyOffset_eV']) + Number(inputs['energyStep_eV']) * i);
      const result = fitPeaks(createPeakFit(modelOf(golden), x), y, {
        variances: y.map((value) => Math.max(value, 1)),
      });
      const want = expected as {
        values: Numbers;
        stderr: Numbers;
        chi2: number;
        nfree: number;
        amplitudeRatio: number;
      };
      expect(result.converged).toBe(true);
      expect(result.degreesOfFreedom).toBe(want.nfree);
      expect(Math.abs(result.misfit / want.chi2 - 1)).toBeLessThan(tolerance!.chi2_rtol!);
      const [area3, area2, st, b] = result.amplitudes as unknown as [number, number, number, number];
      const [c3, d, width] = result.parameters as unknown as [number, number, number];
      const s = width / FWHM_PER_SIGMA;
      const perArea = (factor: number): number => 1 / (factor * s * Math.sqrt(2 * Math.PI));
      const got: Numbers = { a3: area3 * perArea(1), a2: area2 * perArea(1.25), c3, d, s, q: 1.25, st, b };
      expectAllClose(got['a3']! / got['a2']!, want.amplitudeRatio, tolerance!, 'amplitudeRatio');
      // Values, and their errors from the covariance: of a height, with its area and the width.
      const covariance = (k: number, l: number): number => result.covariance[7 * k + l]!;
      const ofHeight = (k: number, factor: number): number =>
        Math.sqrt(
          perArea(factor) ** 2 *
            (covariance(k, k) -
              (2 * result.amplitudes[k]! * covariance(k, 6)) / width +
              (result.amplitudes[k]! / width) ** 2 * covariance(6, 6)),
        );
      const errors: Numbers = {
        a3: ofHeight(0, 1),
        a2: ofHeight(1, 1.25),
        c3: Math.sqrt(covariance(4, 4)),
        d: Math.sqrt(covariance(5, 5)),
        s: Math.sqrt(covariance(6, 6)) / FWHM_PER_SIGMA,
        q: 0,
        st: Math.sqrt(covariance(2, 2)),
        b: Math.sqrt(covariance(3, 3)),
      };
      for (const name of Object.keys(want.values)) {
        expectAllClose(got[name], want.values[name], tolerance!, name);
        expectAllClose(errors[name], want.stderr[name], { rtol: tolerance!.stderr_rtol!, atol: 0 }, `error of ${name}`);
      }
    });
});
