import { describe, expect, it } from 'vitest';
import { placeEdge } from '../../src/kernel/normalisation/edgeStep.ts';
import { createEdgeStepWork } from '../../src/kernel/normalisation/edgeStepWork.ts';
import { findEdge } from '../../src/kernel/normalisation/findEdge.ts';
import { normaliseByEdge } from '../../src/kernel/normalisation/normaliseByEdge.ts';
import { goldenCases, itAgrees, numbers, ofKind, type GoldenCase } from './goldenCases.ts';

/** Of the file, what is normalisation: the spline of AUTOBK belongs to the fine structure. */
const cases = goldenCases('exafs_background').filter(
  ({ kind, expected }) => kind === 'degenerate' || !('chi' in expected),
);
const spectrumOf = ({ inputs }: GoldenCase) => ({ energies: numbers(inputs['energy']), values: numbers(inputs['mu']) });

/** The channels larch takes: from the last at or below the first energy to the one before the nearest to the second. */
function channelsOf(energies: Float64Array, from: number, to: number): [number, number] {
  const first = Math.max(
    0,
    energies.findLastIndex((energy) => energy <= from),
  );
  let nearest = 0;
  energies.forEach((energy, i) => {
    if (Math.abs(energy - to) < Math.abs(energies[nearest]! - to)) nearest = i;
  });
  return [first, nearest];
}

function normalised(golden: GoldenCase, flatten: boolean) {
  const { energies, values } = spectrumOf(golden);
  const { e0, pre1, pre2, norm1, norm2, nnorm } = golden.params as Readonly<Record<string, number>>;
  const work = createEdgeStepWork(energies.length);
  const pre = channelsOf(energies, e0! + pre1!, e0! + pre2!);
  const post = channelsOf(energies, e0! + norm1!, e0! + norm2!);
  placeEdge({ energies, edge: e0!, pre, post, order: nnorm! }, work);
  const out = new Float64Array(energies.length);
  const { step } = normaliseByEdge(values, work, { flatten }, out, { step: 0, standardError: NaN });
  return { work, out, step };
}

describe('the normalisation by an edge step agrees with larch', () => {
  itAgrees(cases, (golden) => {
    if ('e0' in golden.expected) {
      const { energies, values } = spectrumOf(golden);
      return { e0: findEdge(energies, values) };
    }
    const { work, out, step } = normalised(golden, false);
    const [level, slope, , tilt, bend] = work.numbers;
    const preEdge = Array.from(work.t, (t) => level! + slope! * t);
    const postEdge = Array.from(work.t, (t, i) => preEdge[i]! + step + tilt! * t + bend! * t * t);
    return { edgeStep: step, preEdge, postEdge, norm: [...out], flat: [...normalised(golden, true).out] };
  });

  for (const golden of ofKind(cases, 'degenerate'))
    it(golden.id, () => {
      const { energies, values } = spectrumOf(golden);
      let reason: unknown;
      try {
        findEdge(energies, values);
      } catch (error) {
        reason = (error as { reason?: unknown }).reason;
      }
      expect(reason).toBe(golden.required.throws);
    });
});
