/** Weight of the bonus for a long window, and the frames at which it sets in. */
export const BONUS_WEIGHT = 1.15;
export const BONUS_FRAMES = 14;
/** No window gains more than this by one frame more. */
export const BONUS_STEP = BONUS_WEIGHT * Math.log1p(1 / BONUS_FRAMES);

const bonusOf = (h: number): number => BONUS_WEIGHT * Math.log1p(h / BONUS_FRAMES);
const SIZE = 4096;
const TABLE = Float64Array.from({ length: SIZE }, (_, h) => bonusOf(h));
/** Of the longest window of each block of {@link SIZE} frames. */
const BLOCKS = Float64Array.from({ length: SIZE }, (_, block) => bonusOf(SIZE * (block + 1)));

/**
 * What a window is granted for its length: 1.15 ln(1 + h / 14). There are fewer independent windows the longer they are; a
 * plain maximum spends nearly all false alarms on the shortest, and finds weak changes late. Of the bonuses that were
 * simulated, this one keeps the longest delay nearest to that of a CUSUM that knows the change.
 *
 * @param h - frames, >= 0.
 */
export function windowBonus(h: number): number {
  return h < SIZE && h === Math.floor(h) ? TABLE[h]! : bonusOf(h);
}

/** Not below {@link windowBonus}, and without a logarithm. @param h - whole frames, >= 0. */
export function windowBonusBound(h: number): number {
  if (h < SIZE) return TABLE[h]!;
  const block = h / SIZE;
  return block < SIZE ? BLOCKS[block | 0]! : bonusOf(h);
}
