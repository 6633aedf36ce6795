import { BONUS_STEP, windowBonus, windowBonusBound } from './focusBonus.ts';
import { advanceFocusHull, createFocusHull, resetFocusHull, type FocusHull } from './focusHull.ts';
import { deviance, devianceBound } from './poissonDeviance.ts';

/** One side of a FOCuS detector: plain data of constant size. */
export type FocusSide = {
  hull: FocusHull;
  /** The best window's corner of the hull when last looked for; -1 without a window. */
  corner: number;
  /** Not below the statistic. */
  bound: number;
};

export interface PoissonFocusOptions {
  /** +1 looks for a rise, -1 for a fall. */
  readonly sign: 1 | -1;
  /** Longest window, frames; Infinity for no limit. */
  readonly memory: number;
  /** Whether windows are granted a bonus for their length, see {@link windowBonus}. */
  readonly bonus: boolean;
  /** Counts the expectation was learned from; Infinity when it is known. */
  readonly learnedCounts: number;
  /** Variance over mean of the counts; the likelihood ratio is divided by it. */
  readonly dispersion: number;
  /** What is certain to stay below this is not worked out; 0 works out all. */
  readonly level: number;
}

/** @param capacity - see {@link createFocusHull}. */
export function createFocusSide(capacity?: number): FocusSide {
  return { hull: createFocusHull(capacity), corner: -1, bound: 0 };
}

/** Forgets all evidence. */
export function resetFocusSide(side: FocusSide): void {
  resetFocusHull(side.hull);
  side.corner = -1;
  side.bound = 0;
}

/**
 * One step of Poisson-FOCuS: the exact maximum of the likelihood ratio over all windows that end now and over all rates
 * on one side of the expected one.
 *
 * A window of X counts where B are expected has D(X, B) = X ln(X / B) - X + B. An expectation learned from N counts is
 * uncertain itself: then the ratio is that of two samples, D(X, B) - D(N + X, N + B), taken at the same corners. It is
 * lazy: D is worked out for windows only that a bound without logarithm lets pass, and below `level` for none.
 *
 * @param side - changed in place.
 * @param counts - of the frame, >= 0.
 * @param expected - counts while nothing changes, > 0; may differ from frame to frame. Any other frame changes nothing.
 * @param timeUs - start of the frame.
 * @returns the statistic, >= 0, in units of the log-likelihood ratio; below `level`, a number between it and `level`.
 * @see Ward, Dilillo, Eckley, Fearnhead, J. Comput. Graph. Stat. 33 (2024), Poisson-FOCuS.
 */
export function updatePoissonFocus(
  side: FocusSide,
  counts: number,
  expected: number,
  timeUs: number,
  options: PoissonFocusOptions,
): number {
  if (!(expected > 0)) return side.bound;
  const { sign, memory, bonus, learnedCounts, dispersion, level } = options;
  const { hull } = side;
  const above = counts - expected;
  advanceFocusHull(hull, expected, sign * above, timeUs, memory);
  if (hull.size === 0) {
    side.corner = -1;
    side.bound = 0;
    return 0;
  }
  if (level > 0) {
    if (learnedCounts === Infinity) {
      // D is subadditive: no window gains more than the new frame alone is worth, and none gains by a frame against it.
      if (sign * above > 0) side.bound += devianceBound(expected, above) / dispersion;
      if (bonus) side.bound += BONUS_STEP;
      if (side.bound < level) return side.bound;
    }
    side.bound = statisticBound(hull, sign, bonus, dispersion);
    if (side.bound < level) return side.bound;
  }
  const { size, info, score, frames, infos, scores, firsts } = hull;
  // Who won last time mostly wins again: the others then need no logarithm.
  const start = side.corner >= 0 && side.corner < size ? side.corner : size - 1;
  let corner = start;
  let best = -1;
  for (let i = -1; i < size; i++) {
    const j = i < 0 ? start : i;
    const b = info - infos[j]!;
    const d = sign * (score - scores[j]!);
    const h = frames - firsts[j]!;
    if (i >= 0) {
      const toPass = dispersion * (bonus ? best - windowBonusBound(h) : best);
      if (d * d * (3 * b + d) < toPass * b * (6 * b + 4 * d) || j === start) continue;
    }
    let value = deviance(b, d);
    let length = h;
    if (learnedCounts !== Infinity) {
      value -= deviance(learnedCounts + b, d);
      length = (h * learnedCounts) / (learnedCounts + b);
    }
    value /= dispersion;
    if (bonus) value += windowBonus(length);
    if (value > best || (value === best && j < corner)) {
      best = value;
      corner = j;
    }
  }
  side.corner = corner;
  side.bound = best;
  return best;
}

/** Not below the statistic, without a logarithm. */
function statisticBound(
  { size, info, score, frames, infos, scores, firsts }: FocusHull,
  sign: 1 | -1,
  bonus: boolean,
  dispersion: number,
): number {
  let most = 0;
  for (let j = 0; j < size; j++) {
    const bound = devianceBound(info - infos[j]!, sign * (score - scores[j]!)) / dispersion;
    most = Math.max(most, bonus ? bound + windowBonusBound(frames - firsts[j]!) : bound);
  }
  return most;
}
