import { createFocusSide, resetFocusSide, updatePoissonFocus, type FocusSide } from './poissonFocus.ts';
import { updateGaussianFocus } from './gaussianFocus.ts';

/** A detector for a rise and a fall, that holds a change until it is over: plain data. */
export type FocusSides = {
  up: FocusSide;
  down: FocusSide;
  statistic: number;
  /** The side that has more to say. */
  sign: 1 | -1;
  /** Whether a change is on. */
  changed: boolean;
  /** Evidence that it is over: log-likelihood ratio of the old state to the new one, since that was last negative. */
  over: number;
};

/** What a frame is compared with, and how. */
export interface FocusReference {
  /** Counts have the variance of their expectation; other values have one of their own. */
  readonly kind: 'counts' | 'values';
  /** Value per unit of exposure while nothing changes. */
  readonly level: number;
  /** Counts or information the level was learned from; Infinity when it is known. */
  readonly learned: number;
  /** Counts: variance over mean. */
  readonly dispersion: number;
  /** Values: degrees of freedom of a learned variance; Infinity when it is given. */
  readonly degrees: number;
}

export interface FocusSidesOptions {
  readonly sides: 'up' | 'down' | 'both';
  /** Longest window while nothing has changed, frames. */
  readonly memory: number;
  readonly threshold: number;
  /** Whether windows are granted a bonus for their length. */
  readonly bonus: boolean;
  /** Evidence of another kind on the scale of the statistic, which is at least that. @default 0 */
  readonly certified?: number;
}

/** Below the threshold by so much, a change that is on stays on: one that is just strong enough would flicker. */
export const HOLD = 2;

export const createFocusSides = (): FocusSides => ({
  up: createFocusSide(),
  down: createFocusSide(),
  statistic: 0,
  sign: 1,
  changed: false,
  over: 0,
});

/** Forgets all evidence, and that anything changed. */
export function resetFocusSides(state: FocusSides): void {
  resetFocusSide(state.up);
  resetFocusSide(state.down);
  state.statistic = 0;
  state.sign = 1;
  state.changed = false;
  state.over = 0;
}

/**
 * One step of both sides.
 *
 * From the frame on whose statistic reaches the threshold a change is on. It is over when the frames since some time speak
 * for the old state against the new one as clearly as the threshold asks, or when the statistic has fallen {@link HOLD}
 * below it; the evidence then starts from nothing.
 *
 * @param state - changed in place.
 * @param value - of the frame.
 * @param exposure - what the level is multiplied by, > 0.
 * @param variance - of the value; not used for counts.
 * @param timeUs - start of the frame.
 * @returns whether a change is on.
 */
export function updateFocusSides(
  state: FocusSides,
  { value, exposure, variance }: { readonly value: number; readonly exposure: number; readonly variance: number },
  timeUs: number,
  { kind, level, learned, dispersion, degrees }: FocusReference,
  { sides, memory, threshold, bonus, certified = 0 }: FocusSidesOptions,
): boolean {
  const { up, down } = state;
  // A change that is on is seen from its onset, however long ago.
  const longest = state.changed ? Infinity : memory;
  const expected = level * exposure;
  const info = kind === 'counts' ? expected : (exposure * exposure) / variance;
  const score = kind === 'counts' ? value - expected : (exposure * (value - expected)) / variance;
  if (kind === 'counts') {
    const options = { memory: longest, bonus, learnedCounts: learned, dispersion, level: 0 };
    if (sides !== 'down') updatePoissonFocus(up, value, expected, timeUs, { ...options, sign: 1 });
    if (sides !== 'up') updatePoissonFocus(down, value, expected, timeUs, { ...options, sign: -1 });
  } else {
    const options = { memory: longest, bonus, learnedInfo: learned, degrees };
    if (sides !== 'down') updateGaussianFocus(up, info, score, timeUs, { ...options, sign: 1 });
    if (sides !== 'up') updateGaussianFocus(down, info, score, timeUs, { ...options, sign: -1 });
  }
  state.sign = sides === 'down' || down.bound > up.bound ? -1 : 1;
  const side = state.sign > 0 ? up : down;
  state.statistic = Math.max(side.bound, certified);
  if (!state.changed) {
    state.changed = state.statistic >= threshold;
    return state.changed;
  }
  const size = changeSize(side, state.sign);
  const gained = kind === 'counts' ? countGain(value, expected, size) / dispersion : size * (score - 0.5 * size * info);
  state.over = Math.max(0, state.over - gained);
  if (state.over >= threshold || state.statistic < threshold - HOLD) resetFocusSides(state);
  return state.changed;
}

/** Score over information of the best window: of counts the relative change. */
function changeSize({ hull, corner }: FocusSide, sign: 1 | -1): number {
  if (corner < 0) return 0;
  return (sign * (hull.score - hull.scores[corner]!)) / (hull.info - hull.infos[corner]!);
}

/** What counts say for a rate 1 + size times the expected one. A rate of nothing would be refuted by a single count. */
function countGain(counts: number, expected: number, size: number): number {
  const ratio = Math.max(1 + size, 1e-3);
  return counts * Math.log(ratio) - expected * (ratio - 1);
}
