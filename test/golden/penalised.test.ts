import { describe, expect, it } from 'vitest';
import { airpls } from '../../src/kernel/background/airpls.ts';
import { arpls } from '../../src/kernel/background/arpls.ts';
import { asls } from '../../src/kernel/background/asls.ts';
import {
  createPenalisedWorkspace,
  type PenalisedFit,
  type PenalisedOptions,
  type PenalisedWorkspace,
} from '../../src/kernel/background/penalisedFit.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

type Method = (
  values: Float64Array,
  options: PenalisedOptions & { asymmetry: number },
  out: Float64Array,
  work: PenalisedWorkspace,
) => PenalisedFit;

const METHODS: Readonly<Record<string, Method>> = { asls, arpls, airpls };

/** The peer counts solutions from 0, and without a test of convergence the first solution has weights of 1, too. */
function optionsOf(params: GoldenCase['params']): PenalisedOptions & { asymmetry: number } {
  const number = (name: string): number | undefined => params[name] as number | undefined;
  const fixed = number('fixedIterations') ?? number('solves');
  return {
    lambda: number('lambda_')!,
    asymmetry: number('p') ?? 0.01,
    solves: fixed ?? (number('maxIter') ?? 50) + 1,
    tolerance: fixed === undefined ? (number('tol') ?? 1e-3) : 0,
  };
}

function run(method: Method, golden: GoldenCase) {
  const values = numbers(golden.inputs['y']);
  const work = createPenalisedWorkspace(values.length);
  const baseline = new Float64Array(values.length);
  const fit = method(values, optionsOf(golden.params), baseline, work);
  return { baseline, fit, weights: work.weights };
}

describe.each(Object.entries(METHODS))('%s agrees with pybaselines 43f6cea', (name, method) => {
  const cases = goldenCases(name);
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { baseline, fit, weights } = run(method, golden);
      const { expected, tolerance } = golden;
      expectClose(baseline, expected['baseline'], tolerance);
      if ('weights' in expected) expectClose(weights, expected['weights'], tolerance);
      if ('iterations' in expected) expect(fit.iterations).toBe(expected['iterations']);
    });

  for (const golden of ofKind(cases, 'degenerate'))
    it(`meets ${golden.id}`, () => {
      const { throws, returns, tolerance = { rtol: 1e-9, atol: 1e-9 } } = golden.required;
      if (throws !== undefined) {
        expect(() => run(method, golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
        return;
      }
      const wanted =
        typeof returns === 'string' ? golden.peer_outcome!.returned : (returns as { baseline: number[] }).baseline;
      expectClose(run(method, golden).baseline, wanted, tolerance as GoldenCase['tolerance']);
    });
});
