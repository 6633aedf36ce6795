import { addDispersion, appliedDispersion } from './dispersion.ts';
import { alignBlocks, forgetBlocks, learnedFrames, learnFrame } from './templateLearning.ts';
import {
  addScores,
  bridged,
  createTemplateState,
  fitFrame,
  followFrame,
  layAll,
  refresh,
  type TemplateState,
  type TemplateWork,
} from './templateMonitor.ts';
import { openWindow, scanWindows, weighEvidence, type TemplateSums } from './templateScan.ts';
import { createWindowAnchors } from './windowAnchors.ts';

/** A frame as the template monitor takes it. */
export interface TemplateFrame {
  readonly timeUs: number;
  readonly values: Float64Array;
  readonly variances: Float64Array | undefined;
  readonly mask: Uint8Array | undefined;
}

/** Thresholds in nats: of one template, and of several peaks together. */
export interface TemplateThresholds {
  readonly single: number;
  readonly several: number;
}

/** Nats under its threshold at which a change counts as over. */
const BACK = 3;

/**
 * Takes a frame in.
 *
 * @param thresholds - a change is held when the statistic passes `thresholds.single`.
 * @returns the statistic in nats, on the scale of `thresholds.single`; null while learning.
 */
export function updateTemplates(
  state: TemplateState,
  frame: TemplateFrame,
  work: TemplateWork,
  thresholds: (state: TemplateState) => TemplateThresholds,
): number | null {
  const { options } = work;
  if (state.frames === 0) {
    const values = bridged(frame.values, frame.mask, work.clean);
    const given = options.noise === 'given' ? (frame.variances ?? null) : null;
    if (learnFrame(state.learning, values, given, frame.timeUs, options.learn)) endLearning(state, work, thresholds);
    return null;
  }
  if (!work.ready) layAll(state, work);
  fitFrame(work, frame.values, frame.mask);
  const level = thresholds(state);
  openWindow(state.sums, frame.timeUs, options.memory);
  addScores(state.sums, clockOf(state, work), work, work.clean);
  const statistic = judge(state, work, level);
  if (statistic < level.single - BACK) addDispersion(state.dispersion, work, 1, 1 / state.frames);
  followFrame(state, work);
  refresh(state, work);
  return statistic;
}

/** Reference frames' worth of counts in the frame that was fitted. */
function clockOf(state: TemplateState, { options, clean }: TemplateWork): number {
  if (options.noise !== 'counts') return 1;
  let total = 0;
  for (let i = 0; i < clean.length; i++) total += clean[i]!;
  return state.total > 0 ? total / state.total : 0;
}

function judge(state: TemplateState, work: TemplateWork, level: TemplateThresholds): number {
  const { sums, held } = state;
  const { scan, evidence, options } = work;
  scan.dispersion = appliedDispersion(state.dispersion);
  scanWindows(sums, scan, held.clock > 0 ? held : null, held.clock > 0 ? held.longest : options.memory);
  weighEvidence(sums, evidence);
  return Math.max(evidence.single, evidence.several + level.single - level.several);
}

/** Holds the baseline as it was before the change: what follows never enters it. */
export function holdBaseline({ sums, held }: TemplateState, row: number): void {
  if (held.clock > 0 || row < 0) return;
  const T = sums.sums.length;
  held.clock = sums.clocks[row]!;
  held.sums.set(sums.starts.subarray(row * T, (row + 1) * T));
  for (let a = 0; a < sums.anchors.count; a++)
    if (sums.anchors.rows[a] === row) held.longest = sums.anchors.frame - sums.anchors.starts[a]!;
}

/** The change is over: the evidence begins anew on the baseline that was held. */
export function releaseBaseline({ sums, held }: TemplateState, memory: number): void {
  sums.sums.set(held.sums);
  sums.clock = held.clock;
  resetWindows(sums, memory);
  held.clock = 0;
}

export const isOver = (statistic: number, { single }: TemplateThresholds): boolean => statistic < single - BACK;

function resetWindows(sums: TemplateSums, memory: number): void {
  const fresh = createWindowAnchors(memory);
  sums.anchors.count = 0;
  sums.anchors.frame = 0;
  sums.anchors.starts.set(fresh.starts);
  sums.anchors.rows.set(fresh.rows);
}

/** Makes the reference of the blocks, then runs them through the test: a beginning that was not steady is let go. */
function endLearning(
  state: TemplateState,
  work: TemplateWork,
  thresholds: (state: TemplateState) => TemplateThresholds,
): void {
  const { learning } = state;
  const { options } = work;
  const n = options.x.length;
  const frames = learnedFrames(learning);
  const { variances } = work;
  const isCounts = options.noise === 'counts';
  for (let i = 0; i < n; i++) {
    let sum = 0;
    if (isCounts) for (let b = 0; b < learning.count; b++) sum += learning.sums[b * n + i]!;
    variances[i] = isCounts ? Math.max(sum, 0.5) / frames : learning.variances[i]! / Math.max(learning.varianceCount, 1);
  }
  if (!isCounts) state.variances.set(variances);
  const shifts = alignBlocks(learning, options.x, variances, options.drifts.includes('shift'), state.reference);
  state.frames = frames;
  state.total = state.reference.reduce((sum, value) => sum + value, 0);
  const onset = replayBlocks(state, work, shifts, thresholds);
  if (onset === 0) return;
  Object.assign(state, { ...createTemplateState(work), learning });
  forgetBlocks(learning, onset);
  work.ready = false;
}

/** @returns blocks to let go; 0 when the learning was steady. */
function replayBlocks(
  state: TemplateState,
  work: TemplateWork,
  shifts: Float64Array,
  thresholds: (state: TemplateState) => TemplateThresholds,
): number {
  const { learning, sums } = state;
  const n = work.options.x.length;
  let onset = 0;
  for (let b = 0; b < learning.count; b++) {
    state.used.shift = state.drift.shift = shifts[b]!;
    layAll(state, work);
    const block = learning.sums.subarray(b * n, (b + 1) * n);
    fitFrame(work, block, undefined);
    openWindow(sums, learning.times[b]!, work.options.memory);
    const clock = work.options.noise === 'counts' ? clockOf(state, work) : learning.frames[b]!;
    addScores(sums, clock, work, work.clean);
    const share = learning.frames[b]! / state.frames;
    if (learning.count > 1) addDispersion(state.dispersion, work, learning.frames[b]!, -share);
    const level = thresholds(state);
    if (b > 0 && judge(state, work, level) >= level.single) onset = Math.max(1, sums.anchors.frame - 1);
  }
  resetWindows(sums, work.options.memory);
  return onset;
}
