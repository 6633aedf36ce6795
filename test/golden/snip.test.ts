import { describe, expect, it } from 'vitest';
import { snip } from '../../src/kernel/background/snip.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

const cases = goldenCases('snip');
const run = ({ inputs, params }: GoldenCase): Float64Array =>
  snip(numbers(inputs['y']), {
    halfWidth: params['halfWindow'] as number,
    order: params['order'] as 'increasing' | 'decreasing',
    lls: params['lls'] as boolean,
  });

describe('SNIP agrees with silx 1.1.0 (decreasing) and the published equations (increasing)', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal').filter(({ optional }) => optional !== true))
    it(golden.id, () => expectClose(run(golden), golden.expected['baseline'], golden.tolerance));
});

describe('SNIP meets what cannot be clipped', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, returns, clamped, throws_or_returns: either } = golden.required;
      if (throws !== undefined) {
        expect(() => run(golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
      } else if (either !== undefined) {
        expect(() => run(golden)).toThrow(RangeError);
      } else {
        const { baseline } = (returns ?? clamped) as { readonly baseline: unknown };
        expectClose(run(golden), baseline, { rtol: 2e-8, atol: 1e-6 });
      }
    });
});
