import { median } from '../array/median.ts';

/** Totals remembered. */
const MEMORY = 21;
/** Totals below which nothing is called usual. */
const FEWEST = 5;

/** Totals per exposure of the last frames with a signal; plain data. */
export type UsualTotal = {
  /** [21] a ring. */
  rates: Float64Array;
  /** Places filled, and the next to fill. */
  filled: number;
  next: number;
};

export function createUsualTotal(): UsualTotal {
  return { rates: new Float64Array(MEMORY), filled: 0, next: 0 };
}

/** Scratch of {@link usualRate}, one array per number of frames. */
export function createUsualWork(): readonly Float64Array[] {
  return Array.from({ length: MEMORY + 1 }, (_, n) => new Float64Array(n));
}

/** Takes in the total per exposure of a frame. */
export function learnTotal(state: UsualTotal, rate: number): void {
  state.rates[state.next] = rate;
  state.next = (state.next + 1) % MEMORY;
  state.filled = Math.min(state.filled + 1, MEMORY);
}

/**
 * The usual total per exposure and its scatter: medians over the last 21 frames.
 *
 * @param work - of {@link createUsualWork}.
 * @returns null while fewer than 5 frames are known.
 */
export function usualRate(state: UsualTotal, work: readonly Float64Array[]): { rate: number; scatter: number } | null {
  const n = state.filled;
  if (n < FEWEST) return null;
  const scratch = work[n]!;
  for (let k = 0; k < n; k++) scratch[k] = state.rates[k]!;
  const rate = median(scratch, scratch);
  for (let k = 0; k < n; k++) scratch[k] = Math.abs(state.rates[k]! - rate);
  return { rate, scatter: 1.4826 * median(scratch, scratch) };
}
