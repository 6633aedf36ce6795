import { describe, expect, it } from 'vitest';
import { amplitudeLimit } from '../../src/kernel/peaks/amplitudeLimit.ts';
import { createPeakFit, type PeakFitResult } from '../../src/kernel/peaks/peakFit.ts';
import { fitPeaks } from '../../src/kernel/peaks/fitPeaks.ts';
import {
  constant,
  parameter,
  type Affine,
  type ModelComponent,
  type PeakModel,
} from '../../src/kernel/peaks/peakModel.ts';
import { FWHM_PER_SIGMA } from '../../src/kernel/peaks/voigt.ts';
import { goldenCases, itHasCases, numbersOf, ofKind, type GoldenCase } from './goldenCases.ts';

type Numbers = Readonly<Record<string, number>>;
type Bounds = Readonly<Record<string, readonly (number | string)[]>>;

/** Parameters of the file by name, and how they are found again in the fit: times a factor. */
interface Built {
  readonly model: PeakModel;
  readonly amplitudes: readonly string[];
  readonly factors: Numbers;
}

/** The first words of `params.model` say which of the models of the file it is. */
function build({ params }: GoldenCase): Built {
  const initial = params['initial'] as Numbers;
  const bounds = params['bounds'] as Bounds;
  const fixed = params['fixed'] as readonly string[];
  const names: string[] = [];
  const parameters: { name: string; start: number; low: number; high: number }[] = [];
  const add = (name: string, factor = 1): number => {
    const [low, high] = fixed.includes(name) ? [initial[name]!, initial[name]!] : bounds[name]!.map(Number);
    parameters.push({ name, start: initial[name]! * factor, low: low! * factor, high: high! * factor });
    return names.push(name) - 1;
  };
  const component = (name: string, lines: ModelComponent['lines']): ModelComponent => {
    const [low, high] = (bounds[name] ?? [-Infinity, Infinity]).map(Number);
    return { name, low: low!, high: high!, lines };
  };
  const background = (name: string, power: number, origin: number): ModelComponent => ({
    ...component(name, []),
    background: { power, origin, span: 1 },
  });
  const model = String(params['model']);
  if (model.includes('pV(c1')) {
    const [c1, c2, w, eta, so] = ['c1', 'c2', 'w', 'eta', 'so'].map((name) => add(name)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const split = (centre: number): Affine => ({
      constant: 0,
      terms: [
        { parameter: centre, factor: 1 },
        { parameter: so, factor: 1 },
      ],
    });
    const multiplet = (name: string, centre: number): ModelComponent =>
      component(name, [
        { shape: 'pseudoVoigt', weight: 1, parameters: [parameter(centre), parameter(w), parameter(eta)] },
        {
          shape: 'pseudoVoigt',
          weight: 1 / initial['ratio']!,
          parameters: [split(centre), parameter(w, 1.15), parameter(eta)],
        },
      ]);
    return {
      model: {
        parameters,
        components: [background('b0', 0, 717), background('b1', 1, 717), multiplet('A1', c1), multiplet('A2', c2)],
      },
      amplitudes: ['b0', 'b1', 'A1', 'A2'],
      factors: {},
    };
  }
  if (model.includes('Ti*')) {
    const s = add('s', FWHM_PER_SIGMA);
    // Every line is divided by the same s: its area is its factor of the width.
    const lines = (list: readonly (readonly [number, number, number])[]): ModelComponent['lines'] =>
      list.map(([centre, ratio, factor]) => ({
        shape: 'gaussian',
        weight: ratio * factor,
        parameters: [constant(centre), parameter(s, factor)],
      }));
    const ti = [
      [4.511, 1, 1],
      [4.932, 0.115, 1.03],
    ] as const;
    const ba = [
      [4.466, 1, 1],
      [4.828, 0.49, 1.02],
      [5.157, 0.14, 1.05],
    ] as const;
    return {
      model: {
        parameters,
        components: [background('b', 0, 0), component('Ti', lines(ti)), component('Ba', lines(ba))],
      },
      amplitudes: ['b', 'Ti', 'Ba'],
      factors: { s: FWHM_PER_SIGMA },
    };
  }
  const [c, s, g] = [add('c'), add('s', FWHM_PER_SIGMA), add('g', 2)];
  return {
    model: {
      parameters,
      components: [
        background('b0', 0, 520),
        background('b1', 1, 520),
        component('A', [{ shape: 'voigt', weight: 1, parameters: [parameter(c), parameter(s), parameter(g)] }]),
      ],
    },
    amplitudes: ['b0', 'b1', 'A'],
    factors: { s: FWHM_PER_SIGMA, g: 2 },
  };
}

/** A Gaussian on its own, for cases that name no model; `twice` puts a second one on the same place. */
function plain(x: Float64Array, twice = false): PeakModel {
  const middle = x[x.length >> 1]!;
  const span = x[x.length - 1]! - x[0]!;
  const names = twice ? ['a', 'b'] : ['a'];
  return {
    parameters: names.flatMap((name) => [
      { name: `${name} centre`, start: middle, low: x[0]!, high: x[x.length - 1]! },
      { name: `${name} width`, start: span / 4, low: span / 100, high: span },
    ]),
    components: names.map((name, k) => ({
      name,
      low: 0,
      high: Infinity,
      lines: [{ shape: 'gaussian', weight: 1, parameters: [parameter(2 * k), parameter(2 * k + 1)] }],
    })),
  };
}

const neyman = (y: Float64Array): Float64Array => y.map((value) => Math.max(value, 1));

const cases = goldenCases('constrained_fit');

describe('constrained fits agree with lmfit 1.1.0', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const [x, y] = [golden.inputs['x'], golden.inputs['y']].map((list) => Float64Array.from(numbersOf(list))) as [
        Float64Array,
        Float64Array,
      ];
      const { model, amplitudes, factors } = build(golden);
      const fit = createPeakFit(model, x);
      const result = fitPeaks(fit, y, { variances: neyman(y) });
      const want = golden.expected as { values: Numbers; stderr: Numbers; chi2: number; nfree: number };
      expect(result.converged).toBe(true);
      expect(Math.abs(result.misfit / want.chi2 - 1)).toBeLessThan(golden.tolerance!.chi2_rtol!);
      expect(result.degreesOfFreedom).toBe(want.nfree);
      const size = result.atBound.length;
      const found = [
        ...amplitudes.map((name, k) => [name, result.amplitudes[k]!, k] as const),
        ...model.parameters.map(({ name }, j) => [name, result.parameters[j]!, amplitudes.length + j] as const),
      ];
      for (const [name, value, place] of found) {
        const factor = factors[name] ?? 1;
        const error = want.stderr[name]!;
        const near = Math.max(
          golden.tolerance!.rtol * Math.abs(want.values[name]!),
          0.02 * error,
          golden.tolerance!.atol,
        );
        expect(Math.abs(value / factor - want.values[name]!), name).toBeLessThanOrEqual(near);
        const standardError = Math.sqrt(result.covariance[place * size + place]!) / factor;
        expect(Math.abs(standardError - error), `error of ${name}`).toBeLessThanOrEqual(
          golden.tolerance!.stderr_rtol! * error,
        );
      }
    });
});

describe('constrained fits meet what cannot be fitted', () => {
  const run = (x: Float64Array, y: Float64Array, twice = false): PeakFitResult =>
    fitPeaks(createPeakFit(plain(x, twice), x), y, {
      variances: y.map((value) => Math.max(Number.isNaN(value) ? 1 : value, 1)),
    });

  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, returns } = golden.required!;
      if (throws !== undefined) {
        const [x, y] = [golden.inputs['x'], golden.inputs['y']].map((list) => Float64Array.from(numbersOf(list))) as [
          Float64Array,
          Float64Array,
        ];
        expect(() => run(x, y)).toThrow(expect.objectContaining({ reason: throws }) as Error);
      } else if (String(returns).startsWith('amplitude 0')) {
        const [x, y] = [golden.inputs['x'], golden.inputs['y']].map((list) => Float64Array.from(numbersOf(list))) as [
          Float64Array,
          Float64Array,
        ];
        for (const variances of [neyman(y), null]) {
          const fit = createPeakFit(plain(x), x);
          const result = fitPeaks(fit, y, { variances });
          expect(result.converged).toBe(true);
          expect(result.amplitudes[0]).toBe(0);
          const limit = amplitudeLimit(fit, y, 0, variances === null);
          expect(limit).toBeGreaterThan(0);
          expect(limit).toBeLessThan(100);
        }
      } else {
        expect(returns).toBe('converged with covariance flagged singular');
        const x = Float64Array.from({ length: 60 }, (_, i) => i);
        const y = x.map((each) => 100 * Math.exp(-0.5 * ((each - 31) / 6) ** 2));
        const result = run(x, y, true);
        expect(result.converged).toBe(true);
        expect(result.undetermined).toContain(1);
        expect(result.amplitudes[0]! + result.amplitudes[1]!).toBeCloseTo(100 * 6 * Math.sqrt(2 * Math.PI), 3);
      }
    });
});
