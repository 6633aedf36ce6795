import type { TemplateWork } from './templateMonitor.ts';
import type { TemplateSums } from './templateSums.ts';

/**
 * How far one frame may move the scores from what is expected of them: what goes further is scaled down, all together,
 * unless the frame before was strange in the same way.
 */
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
  let strangest = 0;
  let part = 1;
  const sigma = Math.sqrt(clock * scan.dispersion);
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
      // As a window of this frame alone would be weighed: what may wander without meaning is no sign of a strange frame.
      const distance = Math.abs(deviation) / Math.hypot(sigma, scan.wander[j]! * clock);
      if (distance > furthest) {
        furthest = distance;
        strangest = deviation < 0 ? -1 - j : j + 1;
      }
    }
  }
  if (limit !== null) {
    const isStrange = furthest > limit.deviations;
    if (isStrange && !isStrangeAgain(sums.strangest, scan, sigma, clock, limit)) part = limit.deviations / furthest;
    sums.strangest = isStrange ? strangest : 0;
    for (let j = 0; j < count; j++) sums.sums[j]! += (clock * limit.sums[j]!) / limit.clock + part * scan.excess[j]!;
  }
  sums.clock += clock;
  sums.anchors.frame++;
  return part;
}

/** Whether what was strange about the frame before is so about this one, by half as much at least: then it is no accident. */
function isStrangeAgain(
  before: number,
  { excess, wander }: TemplateWork['scan'],
  sigma: number,
  clock: number,
  { deviations }: ScoreLimit,
): boolean {
  if (before === 0) return false;
  const j = Math.abs(before) - 1;
  return Math.sign(before) * excess[j]! > 0.5 * deviations * Math.hypot(sigma, wander[j]! * clock);
}
