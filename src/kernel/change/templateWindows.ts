import { judgeSeveral, judgeSingle } from './templateLikelihood.ts';
import type { ScanTemplates } from './templateScan.ts';
import type { TemplateSums } from './templateSums.ts';
import { anchorSpacing } from './windowAnchors.ts';

/** The score sums a window is compared with, and what they weigh. */
export interface ScanBaseline {
  readonly clock: number;
  readonly sums: Float64Array;
}

/**
 * Looks again at the windows whose turn it is: those up to 64 frames at every frame, longer ones every 1/64 of their
 * length.
 *
 * @param held - the baseline to compare with; null: all that was before each window.
 * @param longest - windows longer than this many frames are passed over.
 */
export function scanWindows(
  state: TemplateSums,
  templates: ScanTemplates,
  held: ScanBaseline | null,
  longest: number,
): void {
  const { anchors, clocks, starts, sums } = state;
  const T = sums.length;
  for (let a = 0; a < anchors.count; a++) {
    const age = anchors.frame - anchors.starts[a]!;
    const row = anchors.rows[a]!;
    if (age > longest) {
      state.single[row] = 0;
      state.several[row] = 0;
      continue;
    }
    const spacing = anchorSpacing(age);
    if (spacing > 4 && anchors.frame % (spacing >> 2) !== 0) continue;
    const h = state.clock - clocks[row]!;
    const before = held === null ? clocks[row]! : held.clock;
    if (!(h > 0 && before > 0)) continue;
    const r = h / before;
    const { excess } = templates;
    const variance = h * (1 + r);
    let first =
      held === null
        ? excessOverAll(sums, starts, row * T, 1 + r, excess)
        : excessOverHeld(sums, starts, row * T, r, held.sums, excess);
    if (templates.isTempered) first = temper(templates, h, variance);
    judgeSingle(state, templates, row, first, variance, 1 - r);
    if ((a + anchors.frame) % Math.max(SEVERAL_EVERY, 2 * spacing) === 0)
      judgeSeveral(state, templates, row, variance, 1 - r);
  }
}

/** Excess of a window over all that was before it. @returns the template of the largest square. */
function excessOverAll(sums: Float64Array, starts: Float64Array, at: number, share: number, out: Float64Array): number {
  let most = 0;
  let first = 0;
  for (let j = 0; j < out.length; j++) {
    const d = sums[j]! - share * starts[at + j]!;
    out[j] = d;
    const square = d * d;
    if (square > most) {
      most = square;
      first = j;
    }
  }
  return first;
}

/** Excess of a window over a baseline that is held. @returns the template of the largest square. */
function excessOverHeld(
  sums: Float64Array,
  starts: Float64Array,
  at: number,
  share: number,
  held: Float64Array,
  out: Float64Array,
): number {
  let most = 0;
  let first = 0;
  for (let j = 0; j < out.length; j++) {
    const d = sums[j]! - starts[at + j]! - share * held[j]!;
    out[j] = d;
    const square = d * d;
    if (square > most) {
      most = square;
      first = j;
    }
  }
  return first;
}

/**
 * Weighs each excess by what may wander without meaning as well: that grows with the window, not with its root.
 *
 * @returns the template of the largest square.
 */
function temper({ excess, wander }: ScanTemplates, h: number, variance: number): number {
  let most = 0;
  let first = 0;
  for (let j = 0; j < excess.length; j++) {
    const usual = wander[j]! * h;
    const d = excess[j]! / Math.sqrt(1 + (usual * usual) / variance);
    excess[j] = d;
    if (d * d > most) {
      most = d * d;
      first = j;
    }
  }
  return first;
}

/** Several peaks together are looked at in a window once in so many frames: it takes longer than the rest. */
const SEVERAL_EVERY = 8;
