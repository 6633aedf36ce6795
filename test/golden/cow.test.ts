import { describe, expect, it } from 'vitest';
import { cow, createCowWorkspace } from '../../src/kernel/alignment/cow.ts';
import { cowPositions } from '../../src/kernel/alignment/cowPositions.ts';
import { warp } from '../../src/kernel/alignment/warp.ts';
import { expectClose, goldenCases, itHasCases, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

function run({ inputs, params }: GoldenCase) {
  const target = numbers(inputs['target']);
  const sample = numbers(inputs['sample']);
  const { segmentPoints, slack, correlationPower } = params as Record<string, number>;
  const work = createCowWorkspace(target, {
    segmentPoints: segmentPoints!,
    slack: slack!,
    ...(correlationPower === undefined ? {} : { correlationPower }),
  });
  const objective = cow(sample, work);
  const positions = cowPositions(work, new Float64Array(target.length));
  const warped = warp(sample, { positions }, new Float64Array(target.length));
  return {
    objective,
    warped,
    targetBoundaries: [...work.targetBoundaries],
    sampleBoundaries: [...work.sampleBoundaries],
    correlationBefore: correlation(target, sample),
    correlationAfter: correlation(target, warped),
  };
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (x: number, y: number) => number): number =>
    a.reduce((total, value, i) => total + f(value - ma, b[i]! - mb), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

const cases = goldenCases('cow');

describe('Correlation optimised warping agrees with cow.m v070821', () => {
  itHasCases(cases);

  for (const golden of ofKind(cases, 'nominal'))
    it(golden.id, () => {
      const got = run(golden);
      const { targetBoundaries, sampleBoundaries, warped, objective, correlationBefore, correlationAfter } =
        golden.expected;
      const tolerance = golden.tolerance;
      expectClose([got.objective], [objective as number], tolerance);
      expect(got.targetBoundaries).toEqual(targetBoundaries);
      expect(got.sampleBoundaries).toEqual(sampleBoundaries);
      expectClose(got.warped, warped as number[], tolerance);
      expectClose([got.correlationBefore], [correlationBefore as number], tolerance);
      expectClose([got.correlationAfter], [correlationAfter as number], tolerance);
    });
});

describe('Correlation optimised warping meets what cannot be warped', () => {
  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { throws, returns } = golden.required as { throws?: string; returns?: { warped: number[] } };
      if (throws !== undefined) expect(() => run(golden)).toThrow(expect.objectContaining({ reason: throws }) as Error);
      else {
        const got = run(golden);
        expectClose(got.warped, returns!.warped, { rtol: 1e-7, atol: 1e-12 });
        expect(got.sampleBoundaries).toEqual(got.targetBoundaries);
      }
    });
});
