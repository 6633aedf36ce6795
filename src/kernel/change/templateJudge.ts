import { addDispersion, appliedDispersion } from './dispersion.ts';
import { frameWeight } from './frameWeight.ts';
import { updateCertificate } from './templateWealth.ts';
import { weighEvidence } from './templateEvidence.ts';
import { catchUp, followFrame, hideEnds, refresh, takeSaidShift } from './templateFollow.ts';
import { bridged, fitFrame } from './templateFrame.ts';
import { addScores } from './templateScores.ts';
import { hold, release } from './templateHold.ts';
import { judgedMask, learnFrame } from './templateLearning.ts';
import type { TemplateState, TemplateWork } from './templateMonitor.ts';
import { endLearning } from './templateStart.ts';
import { openWindow } from './templateSums.ts';
import { templateThresholds, thresholdsAt, type TemplateThresholds } from './templateThreshold.ts';
import { scanWindows } from './templateWindows.ts';

/** A frame as the template monitor takes it. */
export interface TemplateFrame {
  readonly timeUs: number;
  readonly values: Float64Array;
  readonly variances?: Float64Array | undefined;
  readonly mask?: Uint8Array | undefined;
  /** Added to the coordinates, axis units: what is known of the drift already. */
  readonly axisShift: number;
}

/** What a frame says. */
export interface TemplateVerdict {
  /** Nats, on the scale of the threshold. */
  statistic: number;
  threshold: number;
  isDetection: boolean;
  /** Which test won. */
  by: 'single' | 'several' | 'certificate';
}

/** How often, or at which statistic, to speak. */
export type TemplateLimit =
  | { readonly runLength: number; readonly threshold?: undefined }
  | { readonly threshold: number; readonly runLength?: undefined };

/** Nats under its threshold at which a change counts as over, at most; and the share of the threshold it is else. */
const BACK = 5;
const BACK_SHARE = 0.25;
/** Times the threshold from which the evidence of a change is ample: its windows need grow no longer. */
const AMPLE = 3.5;
/** Share of its most that the evidence has left when the windows grow no longer: the change may be over. */
const FADED = 0.6;
/** Share of the threshold that one frame alone can give: a cosmic ray, a spark, a frame torn in two is no change of the sample. */
const FRAME_SHARE = 0.6;
/** Nats under the threshold below which a frame counts as quiet. */
const QUIET = 3;

/**
 * Takes a frame in. When the statistic reaches the threshold the baseline is held as it was before the change, so that
 * changed frames never enter it; it is let go when the statistic has fallen well below. Until then every frame is a
 * detection, and the threshold is the one at which the change counts as over.
 *
 * @param limit - mean number of frames between false alarms, or the threshold itself in nats.
 * @param verdict - receives what the frame says.
 * @returns whether there is a verdict; false while learning.
 */
export function updateTemplates(
  state: TemplateState,
  frame: TemplateFrame,
  work: TemplateWork,
  limit: TemplateLimit,
  verdict: TemplateVerdict,
): boolean {
  const { options } = work;
  takeSaidShift(state, frame.axisShift);
  if (state.frames === 0) {
    const values = bridged(frame.values, frame.mask, work.clean);
    const given = options.noise === 'given' ? (frame.variances ?? null) : null;
    const isFull = learnFrame(state.learning, values, given, frame.timeUs, options.learn, frame.mask);
    if (isFull) endLearning(state, work, () => thresholdsOf(state, work, limit).single);
    return false;
  }
  refresh(state, work);
  const mask = hideEnds(state, work, judgedMask(state.learning, frame.mask, work.mask), work.mask);
  fitFrame(work, frame.values, mask);
  // While a change is on, what it does to the fit would be taken for drift.
  const isHeld = state.held.clock > 0;
  if (!isHeld) catchUp(state, work, frame.values, mask);
  openWindow(state.sums, frame.timeUs, options.memory);
  const weight = options.noise === 'given' ? weightOf(state, frame, work) : 1;
  const levels = thresholdsOf(state, work, limit);
  const base = isHeld ? state.held : state.sums;
  const deviations = Math.sqrt(2 * FRAME_SHARE * levels.single);
  const clock = weight * clockOf(state, work);
  const isOutlier = addScores(state.sums, clock, work, work.clean, weight, { ...base, deviations }) < 1;
  decide(state, work, levels, verdict);
  // Nor is it drift, or a measure of the noise.
  if (isOutlier) return true;
  if (verdict.statistic < verdict.threshold - QUIET && state.sums.anchors.frame % 16 === 0)
    addDispersion(state.dispersion, work, 1 / weight, weight / state.frames, mask);
  if (!isHeld) followFrame(state, work);
  return true;
}

function thresholdsOf(
  { effective }: TemplateState,
  { scan, options }: TemplateWork,
  limit: TemplateLimit,
): TemplateThresholds {
  // One sign is half of the templates.
  const count = options.up && options.down ? effective : effective / 2;
  const blocks = scan.said.length;
  return limit.threshold === undefined
    ? templateThresholds(limit.runLength, count, blocks)
    : thresholdsAt(limit.threshold, count, blocks);
}

const weightOf = (state: TemplateState, { variances, mask }: TemplateFrame, { ratios }: TemplateWork): number =>
  variances === undefined ? 1 : frameWeight(variances, state.variances, mask, ratios);

/** Reference frames' worth of counts in the frame that was fitted. */
export function clockOf({ total }: TemplateState, { options, clean }: TemplateWork): number {
  if (options.noise !== 'counts') return 1;
  let sum = 0;
  for (let i = 0; i < clean.length; i++) sum += clean[i]!;
  return total > 0 ? sum / total : 0;
}

function decide(state: TemplateState, work: TemplateWork, levels: TemplateThresholds, verdict: TemplateVerdict): void {
  const { sums, held } = state;
  const { scan, evidence, options, certificate } = work;
  const isHeld = held.clock > 0;
  if (isHeld && held.grows) held.longest++;
  scan.dispersion = appliedDispersion(state.dispersion);
  scanWindows(sums, scan, isHeld ? held : null, isHeld ? held.longest : options.memory);
  weighEvidence(sums, evidence);
  const several = evidence.several + levels.single - levels.several;
  const isPoisson = scan.dispersion === 1 && !isHeld;
  const wealth = isPoisson ? updateCertificate(state.certificate, certificate, work.clean) : -Infinity;
  const certified = wealth + levels.single - levels.certificate;
  verdict.statistic = Math.max(evidence.single, several, certified, 0);
  verdict.threshold = levels.single - (isHeld ? Math.min(BACK, BACK_SHARE * levels.single) : 0);
  // A named template that is sure of itself says more than that several peaks have changed.
  const isSingle = evidence.single >= Math.min(verdict.threshold, verdict.statistic);
  verdict.by = isSingle ? 'single' : verdict.statistic === several ? 'several' : 'certificate';
  verdict.isDetection = verdict.statistic >= verdict.threshold;
  if (!isHeld && verdict.isDetection) hold(state, verdict.by === 'several' ? evidence.severalRow : evidence.row);
  else if (isHeld && !verdict.isDetection) release(state, options.memory);
  // A change found early, by luck, fades in short windows; one found is to be seen over soon when it is over.
  held.most = Math.max(held.most, verdict.statistic);
  const isAmple = held.most >= AMPLE * levels.single || held.longest >= options.memory;
  if (isAmple || verdict.statistic < FADED * held.most) held.grows = false;
}
