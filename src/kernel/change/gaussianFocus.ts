import { windowBonus } from './focusBonus.ts';
import { advanceFocusHull } from './focusHull.ts';
import type { FocusSide } from './poissonFocus.ts';

export interface GaussianFocusOptions {
  /** +1 looks for a rise, -1 for a fall. */
  readonly sign: 1 | -1;
  /** Longest window, frames; Infinity for no limit. */
  readonly memory: number;
  /** Whether windows are granted a bonus for their length. */
  readonly bonus: boolean;
  /** Information the expected level was learned from, sum of 1 / variance; Infinity when it is known. */
  readonly learnedInfo: number;
  /** Degrees of freedom of a learned variance; Infinity when variances are known. */
  readonly degrees: number;
}

/**
 * One step of FOCuS for values of known or learned variance: the exact maximum over all windows and all levels on one side.
 *
 * A window of information A and score S has S^2 / 2A. A level learned with information N is uncertain itself: then
 * S^2 / (2A (1 + A / N)). With a learned variance this is Student's t, brought to the normal scale.
 *
 * @param side - changed in place; see {@link createFocusSide}.
 * @param info - of the frame: sensitivity squared over variance, > 0; any other frame changes nothing.
 * @param score - of the frame: sensitivity times deviation over variance.
 * @param timeUs - start of the frame.
 * @returns the statistic, >= 0, in units of the log-likelihood ratio.
 * @see Romano, Eckley, Fearnhead, Rigaill, J. Mach. Learn. Res. 24 (2023) 81.
 */
export function updateGaussianFocus(
  side: FocusSide,
  info: number,
  score: number,
  timeUs: number,
  { sign, memory, bonus, learnedInfo, degrees }: GaussianFocusOptions,
): number {
  if (!(info > 0 && info < Infinity)) return side.bound;
  const { hull } = side;
  advanceFocusHull(hull, info, sign * score, timeUs, memory);
  const { size, frames, infos, scores, firsts } = hull;
  side.corner = -1;
  side.bound = 0;
  for (let j = 0; j < size; j++) {
    const a = hull.info - infos[j]!;
    const s = hull.score - scores[j]!;
    const share = 1 / (1 + a / learnedInfo);
    const h = frames - firsts[j]!;
    let value = studentToNormal(((0.5 * s * s) / a) * share, degrees);
    if (bonus) value += windowBonus(h * share);
    if (value > side.bound) {
      side.bound = value;
      side.corner = j;
    }
  }
  return side.bound;
}

/**
 * Half the square of the normal deviate that is as rare as Student's t.
 *
 * @param halfSquare - t^2 / 2.
 * @see Wallace, Ann. Math. Stat. 30 (1959) 1124.
 */
export function studentToNormal(halfSquare: number, degrees: number): number {
  if (degrees === Infinity) return halfSquare;
  const factor = (8 * degrees + 1) / (8 * degrees + 3);
  return 0.5 * factor * factor * degrees * Math.log1p((2 * halfSquare) / degrees);
}
