import type { Frame } from '../model/frame.ts';
import { addSum, copySum, sumOf, type SpectrumSum } from './spectrumSum.ts';

/** Sums of one size that are kept before the two oldest become one of twice that size. */
const PER_LEVEL = 16;
const LEVELS = 9;

/** The past of a stream: the last frames one by one, older ones in sums of 2, 4, 8 ... Four thousand frames in 8 MB. */
export interface FrameHistory {
  add(frame: Frame): void;
  /** All that lies wholly between two times, both inclusive; null when there is nothing. */
  between(fromUs: number, toUs: number): SpectrumSum | null;
  /** The last `frames` or more before a time; null when none are held. */
  before(timeUs: number, frames: number): SpectrumSum | null;
}

export function createFrameHistory(): FrameHistory {
  /** By level, oldest first; level k holds sums of 2^k frames. */
  const levels: SpectrumSum[][] = Array.from({ length: LEVELS }, () => []);
  /** Sums that went into others. */
  const spare: SpectrumSum[] = [];
  /** Oldest first. */
  const all = (): SpectrumSum[] => levels.toReversed().flat();
  return {
    add(frame) {
      let sum = sumOf(frame, spare.pop());
      for (const level of levels) {
        level.push(sum);
        if (level.length <= PER_LEVEL) return;
        const [first, second] = level.splice(0, 2);
        if (first === undefined || second === undefined) return;
        addSum(first, second);
        spare.push(second);
        sum = first;
      }
      spare.push(sum);
    },
    between(fromUs, toUs) {
      return joined(all().filter((sum) => sum.fromUs >= fromUs && sum.toUs <= toUs));
    },
    before(timeUs, frames) {
      const chosen: SpectrumSum[] = [];
      let count = 0;
      for (const sum of all().reverse()) {
        if (sum.toUs >= timeUs) continue;
        chosen.unshift(sum);
        count += sum.frameCount;
        if (count >= frames) break;
      }
      return joined(chosen);
    },
  };
}

function joined(sums: readonly SpectrumSum[]): SpectrumSum | null {
  const [first, ...rest] = sums;
  if (first === undefined) return null;
  const whole = copySum(first);
  for (const sum of rest) addSum(whole, sum);
  return whole;
}
