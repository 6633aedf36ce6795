import { describe, expect, it } from 'vitest';
import { dtw, type StepPattern } from '../../src/kernel/alignment/dtw.ts';
import { costAt, createDtwWorkspace } from '../../src/kernel/alignment/dtwWorkspace.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

function run({ inputs, params, required }: GoldenCase) {
  const query = numbers(inputs['query']);
  const reference = numbers(inputs['reference']);
  const band = (required?.['sakoeChibaHalfWidth'] ?? params['sakoeChibaHalfWidth'] ?? null) as number | null;
  const work = createDtwWorkspace(query.length, reference.length, band);
  const result = dtw(query, reference, work, { stepPattern: params['stepPattern'] as StepPattern });
  return {
    ...result,
    pathQuery: [...work.pathQuery.subarray(0, work.length)],
    pathReference: [...work.pathReference.subarray(0, work.length)],
    costLastRow: reference.map((_, j) => costAt(work, query.length - 1, j)),
  };
}

const cases = goldenCases('dtw');

describe('Dynamic time warping agrees with dtw-python 1.7.4', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const got = run(golden);
      const { distance, normalizedDistance, pathQuery, pathReference, costLastRow } = golden.expected;
      const tolerance = golden.tolerance;
      expectClose([got.distance], [distance as number], tolerance);
      if (normalizedDistance === null) expect(got.normalizedDistance).toBeNull();
      else expectClose([got.normalizedDistance!], [normalizedDistance as number], tolerance);
      const wanted = numbers(costLastRow);
      expectClose(got.costLastRow.filter(Number.isFinite), wanted.filter(Number.isFinite), tolerance);
      expect([...got.costLastRow].map(Number.isFinite)).toEqual([...wanted].map(Number.isFinite));
      expect(got.pathQuery).toEqual(pathQuery);
      expect(got.pathReference).toEqual(pathReference);
    });
});

describe('Dynamic time warping meets what is hard to align', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, returns } = golden.required as {
        throws?: string;
        returns?: { distance: number; path?: [number, number][] };
      };
      if (throws !== undefined) {
        expect(() => run(golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
        return;
      }
      const got = run(golden);
      expect(got.distance).toBeCloseTo(returns!.distance, 9);
      const path = got.pathQuery.map((i, k) => [i, got.pathReference[k]]);
      if (returns!.path !== undefined) expect(path).toEqual(returns!.path);
      else if (golden.id === 'constant') expect(path).toEqual(got.pathQuery.map((i) => [i, i]));
    });
});
