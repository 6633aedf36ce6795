import type { FocusSide } from './poissonFocus.ts';
import { windowBonus } from './focusBonus.ts';

/** When a change began: plain data. */
export type FocusOnset = { onsetUs: number; fromUs: number; toUs: number; statistic: number };

export const createFocusOnset = (): FocusOnset => ({ onsetUs: 0, fromUs: 0, toUs: 0, statistic: 0 });

/**
 * Start of the best window, with an interval of about 95 %: 5.5 / KL frames to either side, at least one, with KL the
 * information per frame of the change as it was seen. It is kept while the statistic does not grow.
 *
 * @param onset - changed in place.
 * @param side - the side that won.
 * @param timeUs - of the last frame; the onset is not later.
 * @param exposureUs - stands for the frame period when the window holds one frame.
 * @see Yao, Ann. Statist. 15 (1987) 1321: the 0.975 quantile of the change-point estimate in units of variance / step^2 is 11.
 */
export function updateFocusOnset(
  onset: FocusOnset,
  { hull, corner, bound }: FocusSide,
  { timeUs, exposureUs }: { readonly timeUs: number; readonly exposureUs: number },
): void {
  if (corner < 0 || bound <= onset.statistic) return;
  const frames = hull.frames - hull.firsts[corner]!;
  const startUs = hull.startsUs[corner]!;
  const information = Math.max(1, bound - windowBonus(frames));
  const periodUs = frames > 1 ? (timeUs - startUs) / (frames - 1) : exposureUs;
  const halfUs = Math.round(Math.max(1, (5.5 * frames) / information) * periodUs);
  onset.onsetUs = startUs;
  onset.fromUs = startUs - halfUs;
  onset.toUs = Math.max(startUs, Math.min(timeUs, startUs + halfUs));
  onset.statistic = bound;
}
