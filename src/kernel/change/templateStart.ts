import { addDispersion, appliedDispersion } from './dispersion.ts';
import { alignBlocks } from './templateAlignment.ts';
import { weighEvidence } from './templateEvidence.ts';
import { fitFrame, layAll } from './templateFrame.ts';
import { addScores } from './templateScores.ts';
import { findUnknown, forgetBlocks, judgedMask, learnedFrames } from './templateLearning.ts';
import { createTemplateState, type TemplateState, type TemplateWork } from './templateMonitor.ts';
import { openWindow, resetWindows } from './templateSums.ts';
import { scanWindows } from './templateWindows.ts';

/**
 * Makes the reference of the learned blocks, then runs them through the test one by one: a beginning that was not
 * steady is let go, and learning goes on.
 *
 * @param threshold - nats at which the learning counts as unsteady, asked for when the directions are laid.
 */
export function endLearning(state: TemplateState, work: TemplateWork, threshold: () => number): void {
  const { learning } = state;
  const { options, variances } = work;
  const n = options.x.length;
  const frames = learnedFrames(learning);
  const isCounts = options.noise === 'counts';
  for (let i = 0; i < n; i++) {
    let sum = 0;
    if (isCounts) for (let b = 0; b < learning.count; b++) sum += learning.sums[b * n + i]!;
    variances[i] = isCounts
      ? Math.max(sum, 0.5) / frames
      : learning.variances[i]! / Math.max(learning.varianceCount, 1);
  }
  if (!isCounts) state.variances.set(variances);
  const shifts = alignBlocks(learning, options.x, variances, options.drifts.includes('shift'), state.reference);
  state.frames = frames;
  state.total = state.reference.reduce((sum, value) => sum + value, 0);
  work.hasReference = false;
  findUnknown(learning);
  const changed = replay(state, work, shifts, threshold);
  if (changed === 0) return;
  const { saidShift } = state;
  Object.assign(state, { ...createTemplateState(work), learning, saidShift });
  forgetBlocks(learning, changed);
}

/** Forgets reference and evidence: the next frame is the first to be learned. */
export function forgetReference(state: TemplateState, work: TemplateWork): void {
  Object.assign(state, createTemplateState(work));
}

/** Takes a reference that was made elsewhere: nothing is learned then. */
export function giveTemplateReference(
  state: TemplateState,
  { options }: TemplateWork,
  { frames, sum, sumOfSquares }: { frames: number; sum: Float64Array; sumOfSquares: Float64Array },
): void {
  const n = sum.length;
  for (let i = 0; i < n; i++) state.reference[i] = sum[i]! / frames;
  if (options.noise !== 'counts')
    for (let i = 0; i < n; i++)
      state.variances[i] = Math.max(sumOfSquares[i]! - (sum[i]! * sum[i]!) / frames, 0) / Math.max(frames - 1, 1);
  state.frames = frames;
  state.total = state.reference.reduce((total, value) => total + value, 0);
  state.sums.clock = frames;
}

/** @returns blocks to let go; 0 when the learning was steady. */
function replay(state: TemplateState, work: TemplateWork, shifts: Float64Array, threshold: () => number): number {
  const { learning, sums } = state;
  const { scan, evidence, options } = work;
  const n = options.x.length;
  let changed = 0;
  for (let b = 0; b < learning.count; b++) {
    state.used.shift = state.drift.shift = shifts[b]!;
    layAll(state, work);
    const block = learning.sums.subarray(b * n, (b + 1) * n);
    const mask = judgedMask(learning, undefined, work.mask);
    fitFrame(work, block, mask);
    openWindow(sums, learning.times[b]!, options.memory);
    let clock = learning.frames[b]!;
    if (options.noise === 'counts') clock = work.clean.reduce((sum, value) => sum + value, 0) / (state.total || 1);
    addScores(sums, clock, work, work.clean);
    if (learning.count > 1)
      addDispersion(state.dispersion, work, learning.frames[b]!, -learning.frames[b]! / state.frames, mask);
    if (b === 0) continue;
    scan.dispersion = appliedDispersion(state.dispersion);
    scanWindows(sums, scan, null, options.memory);
    weighEvidence(sums, evidence);
    // The blocks are few, but a long learning would lend each of them the weight of a long window.
    if (evidence.single >= threshold() + Math.max(0, Math.log1p(state.frames / 10) - LENT)) changed = b;
  }
  resetWindows(sums, options.memory);
  // The learned frames' own scores hold the noise of the reference that was made of them; the truth is expected at 0.
  sums.sums.fill(0);
  return changed;
}

/** Nats of a window's weight that its blocks are granted: then one learning in some hundreds is begun anew by chance. */
const LENT = 3;
