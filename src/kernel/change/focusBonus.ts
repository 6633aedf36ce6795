/** Frames at which the bonus for a long window sets in. */
export const BONUS_FRAMES = 10;
/** No window gains more than this by one frame more. */
export const BONUS_STEP = Math.log1p(1 / BONUS_FRAMES);
const TABLE = Float64Array.from({ length: 4096 }, (_, h) => Math.log1p(h / BONUS_FRAMES));

/**
 * What a window is granted for its length: ln(1 + h / 10). There are fewer independent windows the longer they are; a
 * plain maximum spends nearly all false alarms on the shortest, and finds weak changes late.
 *
 * @param h - frames, >= 0.
 */
export function windowBonus(h: number): number {
  return h < 4096 && h === Math.floor(h) ? TABLE[h]! : Math.log1p(h / BONUS_FRAMES);
}
