import { describe, expect, it } from 'vitest';
import { shirley } from '../../src/kernel/background/shirley.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

function run({ inputs, params }: GoldenCase) {
  const values = numbers(inputs['y']);
  const bindingEnergies = numbers(inputs['bindingEnergy_eV']);
  const number = (name: string): number | undefined => params[name] as number | undefined;
  const endpointAverage = number('endpointAverage') ?? 1;
  const n = values.length;
  const mean = (part: Float64Array): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  const step = Math.abs(mean(values.subarray(0, endpointAverage)) - mean(values.subarray(n - endpointAverage)));
  const fixed = number('fixedIterations');
  const background = new Float64Array(n);
  const fit = shirley(
    values,
    {
      bindingEnergies,
      endpointAverage,
      // The peer stops at a mean square in counts squared.
      tolerance: fixed === undefined ? Math.sqrt(number('tol') ?? 1e-12) / step : 0,
      maxIterations: fixed ?? number('maxIterations') ?? 200,
    },
    background,
  );
  let area = 0;
  for (let i = 1; i < n; i++)
    area +=
      0.5 *
      (values[i]! - background[i]! + values[i - 1]! - background[i - 1]!) *
      Math.abs(bindingEnergies[i]! - bindingEnergies[i - 1]!);
  return { values, bindingEnergies, fit, background, area };
}

const cases = goldenCases('xps_shirley');

describe('the Shirley background agrees with lmfitxps 97ea3e1', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const { fit, background, area } = run(golden);
      const { expected, tolerance } = golden;
      expectClose(background, expected['background'], tolerance);
      if ('iterations' in expected) expect(fit.iterations).toBe(expected['iterations']);
      if ('areaNet' in expected) expectClose([area], [expected['areaNet']], tolerance);
      expect(fit.positiveArea).toBe(true);
    });
});

describe('the Shirley background meets what has none', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, returns, flags } = golden.required;
      if (throws !== undefined) {
        expect(() => run(golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
        return;
      }
      const { fit, background, values, bindingEnergies } = run(golden);
      expect(background.every(Number.isFinite)).toBe(true);
      if (flags !== undefined || returns !== undefined) expect(fit.positiveArea).toBe(flags !== 'NonPositiveArea');
      if (returns !== undefined)
        expectClose(background, (returns as { background: number[] }).background, { rtol: 1e-12, atol: 1e-12 });
      const mirrored = run({
        ...golden,
        inputs: { bindingEnergy_eV: [...bindingEnergies].reverse(), y: [...values].reverse() },
      });
      expectClose([...mirrored.background].reverse(), [...background], { rtol: 1e-12, atol: 1e-12 });
    });
});
