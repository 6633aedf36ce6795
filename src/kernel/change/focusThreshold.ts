import { refusal } from '../refusal.ts';
import { LEARNED_FRAMES, LEARNED_RATES, LEARNED_RUN_LENGTHS, LEARNED_THRESHOLDS } from './focusLearnedTable.ts';
import { FOCUS_MEMORIES, FOCUS_RATES, FOCUS_RUN_LENGTHS, FOCUS_THRESHOLDS } from './focusTable.ts';

export type FocusSide = 'up' | 'down' | 'both';

export interface FocusThresholdOptions {
  /** Counts per frame over their dispersion, > 0; Infinity for values that are not counts. */
  readonly rate: number;
  /** Which changes are looked for. */
  readonly sides: FocusSide;
  /** Longest window, frames. */
  readonly memory: number;
  /** Frames the level was learned from; Infinity when it is known. */
  readonly learnedFrames: number;
}

/** Longest run length a threshold can be asked for, frames. */
export const LONGEST_FOCUS_RUN = 1e9;
const LENGTHS = FOCUS_RUN_LENGTHS.map(Math.log);
const LAST = LENGTHS.length - 1;

/**
 * The threshold at which quiet data raise one false alarm in `runLength` frames, for the statistic with the bonus for long
 * windows; of a learned level, on average over baselines.
 *
 * Interpolated in the logarithms of rate, memory and run length, from a table of simulated runs; beyond the longest run
 * length of the table along its last slope: an e-fold of run length costs about one unit. Where counts are so few that the
 * statistic moves in steps, the run length is exceeded.
 *
 * @param runLength - frames, > 1.
 * @returns threshold in units of the log-likelihood ratio.
 * @throws RangeError when an argument is out of range.
 */
export function focusThreshold(runLength: number, options: FocusThresholdOptions): number {
  if (!(runLength > 1 && runLength <= LONGEST_FOCUS_RUN))
    throw refusal('OutOfRange', `runLength is ${runLength}, expected 1 to 1e9 frames`);
  const thresholds = thresholdsFor(options);
  const wanted = Math.log(runLength);
  let k = 0;
  while (k < LAST - 1 && wanted > LENGTHS[k + 1]!) k++;
  if (wanted > LENGTHS[LAST]!) return thresholds[LAST]! + slope(thresholds) * (wanted - LENGTHS[LAST]!);
  const share = (wanted - LENGTHS[k]!) / (LENGTHS[k + 1]! - LENGTHS[k]!);
  return Math.max(0.1, thresholds[k]! + share * (thresholds[k + 1]! - thresholds[k]!));
}

/**
 * The inverse of {@link focusThreshold}: mean number of quiet frames until the statistic reaches a threshold.
 *
 * @param threshold - > 0.
 * @returns frames, >= 1; {@link LONGEST_FOCUS_RUN} for that much and more.
 */
export function focusRunLength(threshold: number, options: FocusThresholdOptions): number {
  if (!(threshold > 0)) throw refusal('OutOfRange', `threshold is ${threshold}, expected a positive number`);
  let low = 0;
  let high = Math.log(LONGEST_FOCUS_RUN);
  for (let k = 0; k < 50; k++) {
    const tried = 0.5 * (low + high);
    if (focusThreshold(Math.exp(tried), options) < threshold) low = tried;
    else high = tried;
  }
  return Math.min(LONGEST_FOCUS_RUN, Math.exp(high));
}

/** Threshold per e-fold of run length, over the longer half of the table. */
const slope = (thresholds: readonly number[]): number =>
  (thresholds[LAST]! - thresholds[1]!) / (LENGTHS[LAST]! - LENGTHS[1]!);

/** The thresholds at the run lengths of the table. */
function thresholdsFor(options: FocusThresholdOptions): number[] {
  const { rate, sides, memory, learnedFrames } = options;
  if (!(rate > 0)) throw refusal('OutOfRange', `rate is ${rate}, expected a positive number`);
  if (!(memory >= 1)) throw refusal('OutOfRange', `memory is ${memory}, expected 1 frame or more`);
  if (learnedFrames === Infinity) return knownThresholds(rate, sides, memory);
  // Windows compared with a baseline no longer than themselves are worth half as much.
  const effective = (window: number): number => 1 / (1 / window + 1 / learnedFrames);
  const whole = knownThresholds(rate, sides, effective(learnedFrames));
  // The error of the baseline is common to all windows, so that alarms come in clusters, and between baselines.
  const share = 2 / (1 + learnedFrames / Math.min(memory, learnedFrames));
  return knownThresholds(rate, sides, effective(memory)).map(
    (known, k) => known - share * (whole[k]! - learnedThreshold(k, rate, sides, learnedFrames)),
  );
}

function knownThresholds(rate: number, sides: FocusSide, memory: number): number[] {
  const [r, ofRate] = place(FOCUS_RATES, rate);
  const [m, ofMemory] = place(FOCUS_MEMORIES, memory);
  const table = FOCUS_THRESHOLDS[sides];
  return LENGTHS.map((_, k) => {
    const at = (i: number, j: number) => table[(i * FOCUS_MEMORIES.length + j) * LENGTHS.length + k]!;
    const near = at(r, m) + ofMemory * (at(r, m + 1) - at(r, m));
    return near + ofRate * (at(r + 1, m) + ofMemory * (at(r + 1, m + 1) - at(r + 1, m)) - near);
  });
}

/** Of a level learned from as many frames as the longest window has. The longest run length goes on along the last slope. */
function learnedThreshold(k: number, rate: number, sides: FocusSide, learnedFrames: number): number {
  const [r, ofRate] = place(LEARNED_RATES, rate);
  const [n, ofFrames] = place(LEARNED_FRAMES, learnedFrames);
  const table = LEARNED_THRESHOLDS[sides];
  const last = LEARNED_RUN_LENGTHS.length - 1;
  const at = (i: number, j: number, q: number) => table[(i * LEARNED_FRAMES.length + j) * (last + 1) + q]!;
  const between = (q: number): number => {
    const near = at(r, n, q) + ofFrames * (at(r, n + 1, q) - at(r, n, q));
    return near + ofRate * (at(r + 1, n, q) + ofFrames * (at(r + 1, n + 1, q) - at(r + 1, n, q)) - near);
  };
  if (k <= last) return between(k);
  const step = (LENGTHS[k]! - LENGTHS[last]!) / (LENGTHS[last]! - LENGTHS[last - 1]!);
  return between(last) + step * (between(last) - between(last - 1));
}

/** Between which two knots, and how far along in the logarithm; the ends stand for what lies beyond. */
function place(knots: readonly number[], value: number): readonly [index: number, share: number] {
  const inside = Math.min(Math.max(value, knots[0]!), knots[knots.length - 1]!);
  let i = 0;
  while (i < knots.length - 2 && inside > knots[i + 1]!) i++;
  return [i, Math.log(inside / knots[i]!) / Math.log(knots[i + 1]! / knots[i]!)];
}
