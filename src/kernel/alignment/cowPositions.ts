import type { CowWorkspace } from './cow.ts';

/**
 * Where on the sample each target channel lies.
 *
 * @param work - after `cow`.
 * @param out - [n] receives fractional channels of the sample, rising.
 * @returns `out`.
 */
export function cowPositions({ targetBoundaries, sampleBoundaries }: CowWorkspace, out: Float64Array): Float64Array {
  for (let k = 0; k + 1 < targetBoundaries.length; k++) {
    const from = targetBoundaries[k]!;
    const interval = targetBoundaries[k + 1]! - from;
    const start = sampleBoundaries[k]!;
    const length = sampleBoundaries[k + 1]! - start;
    for (let p = 0; p <= interval; p++) out[from + p] = start + (p * length) / interval;
  }
  return out;
}
