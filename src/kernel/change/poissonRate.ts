/** Counts and exposure a rate is learned from: plain data. */
export type LearnedRate = { counts: number; exposure: number; frameCount: number };

export const createLearnedRate = (): LearnedRate => ({ counts: 0, exposure: 0, frameCount: 0 });

/** Adds a frame. @param learned - changed in place. */
export function learnRate(learned: LearnedRate, counts: number, exposure: number): void {
  learned.counts += counts;
  learned.exposure += exposure;
  learned.frameCount++;
}

/** A stream that gave nothing is taken to have given half a count, so that it can be watched. */
export const LEAST_COUNTS = 0.5;
