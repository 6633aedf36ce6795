import type { TemplateWork } from './templateMonitor.ts';
import type { TemplateSums } from './templateSums.ts';

/** How far one frame may move the scores from what is expected of them: what goes further is scaled down, all together. */
export interface ScoreLimit {
  /** Standard deviations of a frame's score. */
  readonly deviations: number;
  /** What is expected: these sums [T] over this clock. */
  readonly sums: Float64Array;
  readonly clock: number;
}

/**
 * Adds the scores of a frame to the sums; it counts for `weight` usual ones.
 *
 * @returns the part that the limit left of what the frame says; 1 for all.
 */
export function addScores(
  sums: TemplateSums,
  clock: number,
  { bank, directions, fit, scan }: TemplateWork,
  values: Float64Array,
  weight = 1,
  limit: ScoreLimit | null = null,
): number {
  const { count, first, length, offsets } = bank;
  const { local, mixture, nuisances: K } = directions;
  const { scores } = fit;
  let furthest = 0;
  let part = 1;
  for (let j = 0; j < count; j++) {
    const at = offsets[j]!;
    const from = first[j]!;
    const m = length[j]!;
    // Four sums at once: one alone would wait for its own addition at every channel.
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let i = 0;
    for (; i + 3 < m; i += 4) {
      a += local[at + i]! * values[from + i]!;
      b += local[at + i + 1]! * values[from + i + 1]!;
      c += local[at + i + 2]! * values[from + i + 2]!;
      d += local[at + i + 3]! * values[from + i + 3]!;
    }
    for (; i < m; i++) a += local[at + i]! * values[from + i]!;
    let score = a + b + (c + d);
    for (let k = 0; k < K; k++) score -= mixture[j * K + k]! * scores[k]!;
    if (limit === null) sums.sums[j]! += weight * score;
    else {
      const deviation = weight * score - (clock * limit.sums[j]!) / limit.clock;
      scan.excess[j] = deviation;
      furthest = Math.max(furthest, Math.abs(deviation));
    }
  }
  if (limit !== null) {
    const most = limit.deviations * Math.sqrt(clock * scan.dispersion);
    if (furthest > most) part = most / furthest;
    for (let j = 0; j < count; j++) sums.sums[j]! += (clock * limit.sums[j]!) / limit.clock + part * scan.excess[j]!;
  }
  sums.clock += clock;
  sums.anchors.frame++;
  return part;
}
