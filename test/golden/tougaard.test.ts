import { describe, expect, it } from 'vitest';
import { createTougaardWorkspace, tougaard } from '../../src/kernel/background/tougaard.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

function run({ inputs, params }: GoldenCase) {
  const values = numbers(inputs['y']);
  const number = (name: string): number | undefined => params[name] as number | undefined;
  const background = new Float64Array(values.length);
  const work = createTougaardWorkspace({
    bindingEnergies: numbers(inputs['bindingEnergy_eV']),
    b: params['fitB'] === true ? 'fit' : (number('B') ?? 2866),
    c: number('C') ?? 1643,
    cPrime: number('Cprime') ?? 1,
    d: number('D') ?? 0,
    endpointAverage: 1,
  });
  return { fit: tougaard(values, work, background), background };
}

const cases = goldenCases('xps_tougaard');

describe('the Tougaard background agrees with lmfitxps 97ea3e1', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { fit, background } = run(golden);
      const { expected, tolerance } = golden;
      expectClose(background, expected['background'], tolerance);
      if ('B' in expected) expectClose([fit.b], [expected['B']], tolerance);
      expect(fit.determined).toBe(true);
    });
});

describe('the Tougaard background meets what has none', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { returns, flags, throws_or_uses: either } = golden.required;
      if (either !== undefined) {
        expect(() => run(golden)).toThrow(expect.objectContaining({ reason: 'NonUniformAxis' }) as Error);
        return;
      }
      const { fit, background } = run(golden);
      expectClose(background, (returns as { background: number[] }).background, { rtol: 1e-12, atol: 1e-12 });
      expect(fit.determined).toBe(flags !== 'B undetermined');
    });
});
