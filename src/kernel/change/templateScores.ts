import type { TemplateWork } from './templateMonitor.ts';
import type { TemplateSums } from './templateSums.ts';

/** How far one frame may move a score from what is expected of it. */
export interface ScoreLimit {
  /** Standard deviations of a frame's score. */
  readonly deviations: number;
  /** What is expected: these sums [T] over this clock. */
  readonly sums: Float64Array;
  readonly clock: number;
}

/** Adds the scores of a frame to the sums; it counts for `weight` usual ones. */
export function addScores(
  sums: TemplateSums,
  clock: number,
  { bank, directions, fit, scan }: TemplateWork,
  values: Float64Array,
  weight = 1,
  limit: ScoreLimit | null = null,
): void {
  const most = limit === null ? Infinity : limit.deviations * Math.sqrt(clock * scan.dispersion);
  const { count, first, length, offsets } = bank;
  const { local, mixture, nuisances: K } = directions;
  const { scores } = fit;
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
    const expected = limit === null ? 0 : (clock * limit.sums[j]!) / limit.clock;
    sums.sums[j]! += expected + Math.min(most, Math.max(-most, weight * score - expected));
  }
  sums.clock += clock;
  sums.anchors.frame++;
}
