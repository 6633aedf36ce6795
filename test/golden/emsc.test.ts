import { describe, expect, it } from 'vitest';
import { emsc } from '../../src/kernel/normalisation/emsc.ts';
import { createEmscModel } from '../../src/kernel/normalisation/emscModel.ts';
import { createEmscWorkspace } from '../../src/kernel/normalisation/emscWorkspace.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

interface Corrected {
  readonly scale: number;
  readonly coefficients: number[];
  readonly values: Float64Array;
}

function run({ inputs, params }: GoldenCase): Corrected[] {
  const named = (value: unknown): unknown =>
    typeof value === 'string' ? inputs[value.replace(/^inputs\./, '')] : value;
  const reference = numbers(inputs['reference']);
  const { interferents, weights } = params;
  const model = createEmscModel({
    axis: numbers(inputs['axis']),
    reference,
    order: params['poly_order'] as number,
    interferents: interferents === undefined ? [] : [numbers(named(interferents))],
    weights: weights === undefined ? undefined : numbers(named(weights)),
  });
  const work = createEmscWorkspace(model);
  const spectra = inputs['X'] === 'reference' ? [reference] : (inputs['X'] as unknown[]).map(numbers);
  return spectra.map((spectrum) => {
    // A spectrum of zeros is given shorter than the reference.
    const isEmpty = spectrum.every((value) => value === 0);
    const values = isEmpty ? new Float64Array(reference.length) : spectrum;
    const out = new Float64Array(reference.length);
    const scale = emsc(values, work, {}, out);
    return { scale, coefficients: [...work.coefficients], values: out };
  });
}

const cases = goldenCases('emsc');

describe('EMSC agrees with biospectools 09a7c62', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { corrected, coefficients } = golden.expected as Record<string, unknown[]>;
      const got = run(golden);
      expect(got.length).toBe(corrected!.length);
      got.forEach((spectrum, k) => {
        expectClose(spectrum.coefficients, coefficients![k], golden.tolerance);
        expectClose(spectrum.values, corrected![k], golden.tolerance);
      });
    });
});

describe('EMSC meets what it cannot correct', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, throws_or_flags: either } = golden.required;
      if (throws !== undefined) expect(() => run(golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
      else if (either !== undefined) expect(run(golden)[0]!.scale).toBe(0);
      else {
        const [got] = run(golden);
        expectClose(got!.values, golden.inputs['reference'], { rtol: 0, atol: 1e-9 });
        expectClose(got!.coefficients, [1, 0, 0, 0], { rtol: 0, atol: 1e-9 });
      }
    });
});
