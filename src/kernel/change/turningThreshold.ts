/** Windows of the table, frames. */
const WINDOWS = [16, 24, 32, 48, 64, 96];
/** Thresholds of one false turning point per 100, 1 000 and 10 000 frames, nats. Made by scripts/turningThresholds.ts. */
const THRESHOLDS = [
  [1.96, 3.92, 5.84],
  [2.42, 4.84, 7.1],
  [2.71, 5.47, 7.84],
  [2.92, 6.28, 8.98],
  [2.98, 6.8, 9.75],
  [2.94, 7.41, 10.56],
];
/** Nats per e-fold of the run length, beyond the table. */
const TAIL = 1.07;

/** What is followed. */
export type Followed = 'reading' | 'spectrum';

/**
 * How much more often than the table says noise turns, because its level is learned, and the direction of a spectrum with
 * it; measured through the stage, rounded upwards.
 */
const EXCESS = { reading: 1.3, spectrum: 2.5 } as const;

/**
 * Threshold of the turning statistic for a mean run length to a false alarm, on noise without an evolution; a steady
 * evolution turns more rarely by chance. Log-linear in the run length, linear in the logarithm of the window.
 *
 * @param window - frames looked back on; 16 to 96, beyond which the ends of the table are used.
 * @param runLength - frames, >= 2.
 * @returns nats.
 * @example
 * turningThreshold(24, 10_000, 'reading').toFixed(1); // => '7.3'
 */
export function turningThreshold(window: number, runLength: number, followed: Followed): number {
  const place = Math.log10(Math.max(runLength * EXCESS[followed], 2)) - 2;
  return Math.max(
    1,
    lineAlong(window, (row) => alongRow(row, place)),
  );
}

/**
 * Mean run length, frames, to a false alarm at a threshold: the inverse of {@link turningThreshold}.
 *
 * @example
 * turningRunLength(24, turningThreshold(24, 5000, 'reading'), 'reading').toFixed(0); // => '5000'
 */
export function turningRunLength(window: number, threshold: number, followed: Followed): number {
  let [low, high] = [0.3, 12];
  for (let k = 0; k < 60; k++) {
    const middle = 0.5 * (low + high);
    if (turningThreshold(window, 10 ** middle, followed) < threshold) low = middle;
    else high = middle;
  }
  return 10 ** low;
}

function alongRow(row: readonly number[], place: number): number {
  const k = place < 1 ? 0 : 1;
  const slope = place > 2 ? TAIL * Math.LN10 : row[k + 1]! - row[k]!;
  const from = place > 2 ? 2 : k;
  return row[from]! + slope * (place - from);
}

function lineAlong(window: number, value: (row: readonly number[]) => number): number {
  const last = WINDOWS.length - 1;
  const at = Math.min(Math.max(window, WINDOWS[0]!), WINDOWS[last]!);
  const k = Math.min(
    WINDOWS.findLastIndex((each) => each <= at),
    last - 1,
  );
  const share = Math.log(at / WINDOWS[k]!) / Math.log(WINDOWS[k + 1]! / WINDOWS[k]!);
  return value(THRESHOLDS[k]!) * (1 - share) + value(THRESHOLDS[k + 1]!) * share;
}
