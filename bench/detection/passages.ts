/** Levels the statistic's first passage is timed at. */
export const LEVELS = Float64Array.from({ length: 260 }, (_, k) => 1.5 + 0.05 * k);

/** First passages of one statistic: next level to pass in this run, frames watched and passages per level. */
export interface Passages {
  next: number;
  readonly frames: Float64Array;
  readonly passed: Float64Array;
}
export const passages = (): Passages => ({
  next: 0,
  frames: new Float64Array(LEVELS.length),
  passed: new Float64Array(LEVELS.length),
});

/** Takes in a statistic that may be the highest of its run. */
export function pass(side: Passages, statistic: number, t: number): void {
  for (; side.next < LEVELS.length && statistic >= LEVELS[side.next]!; side.next++) {
    side.frames[side.next]! += t;
    side.passed[side.next]!++;
  }
}
/** The run is over after `t` frames; the levels not passed were watched for so long. */
export function endRun(side: Passages, t: number): void {
  for (; side.next < LEVELS.length; side.next++) side.frames[side.next]! += t;
  side.next = 0;
}

/** The lowest level that is passed at most once in so many frames; between two levels where the step is smooth. */
export function thresholdAt({ frames, passed }: Passages, runLength: number): number {
  const lengthAt = (k: number) => Math.log(frames[k]! / Math.max(0.5, passed[k]!));
  const want = Math.log(runLength);
  const k = LEVELS.findIndex((_, each) => lengthAt(each) >= want);
  if (k <= 0) return LEVELS[k < 0 ? LEVELS.length - 1 : 0]!;
  const step = lengthAt(k) - lengthAt(k - 1);
  return step > 0.15 ? LEVELS[k]! : LEVELS[k]! - (0.05 * (lengthAt(k) - want)) / step;
}
