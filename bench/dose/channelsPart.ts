import { createChannelAgreement, updateChannelAgreement } from '../../src/kernel/dose/channelAgreement.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { nextUniform, seedXoshiro128, type RandomState } from '../../src/kernel/random/xoshiro128.ts';

/** How soon two dose channels that disagree are found out. */
export interface ChannelsRow {
  /** Counts per frame predicted by the first channel. */
  readonly counts: number;
  /** Second channel over first, beyond the drift; 1 for none. */
  readonly ratio: number;
  readonly runs: number;
  /** Frames from the onset; null where more than half, or more than one in a hundred, were not found in 500. */
  readonly medianFrames: number | null;
  readonly p99Frames: number | null;
}

export interface ChannelsReport {
  readonly rows: readonly ChannelsRow[];
  readonly falseAlarms: { readonly alarms: number; readonly runs: number; readonly frames: number };
  /** Most frames, over all counts, that a ratio of 0 or 2 takes in the median. */
  readonly worstMedian: number;
}

const FRAMES = 1000;
const ONSET = 400;
const LONGEST = 500;
const COUNTS = [30, 100, 1000, 10_000];
const RATIOS = [0, 0.5, 1.7, 2];

/** A legal drift of the ratio: a wave of +-20 % of any period from 300 frames on, or a slow walk within it. */
function drawDrift(random: RandomState): (k: number) => number {
  const phase = 2 * Math.PI * nextUniform(random);
  const period = 300 + 2700 * nextUniform(random);
  return (k) => 1 + 0.2 * Math.sin(phase + (2 * Math.PI * k) / period);
}

/** Frame of the first disagreement, counted from `from`; Infinity for none within so many. */
function runOnce(counts: number, ratio: number, random: RandomState, from: number, frames: number): number {
  const state = createChannelAgreement();
  const drift = drawDrift(random);
  for (let k = 0; k < from + frames; k++) {
    const mean = counts * drift(k) * (k >= from ? ratio : 1);
    updateChannelAgreement(state, mean > 0 ? nextPoisson(random, mean) : 0, counts, k, 0);
    if (state.standing !== 0) return k - from + 1;
  }
  return Infinity;
}

/** Two dose channels, of which the second drifts by +-20 % and then is wrong. Disagreements before it was wrong are false alarms. */
export function channelsPart({ full }: { readonly full: boolean }): ChannelsReport {
  const runs = full ? 3000 : 600;
  const random = seedXoshiro128(17, 0);
  const rows = COUNTS.flatMap((counts) =>
    RATIOS.map((ratio): ChannelsRow => {
      const delays = Array.from({ length: runs }, () => runOnce(counts, ratio, random, ONSET, LONGEST))
        .filter((delay) => delay > 0)
        .sort((a, b) => a - b);
      const at = (share: number): number | null => {
        const delay = delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? Infinity;
        return Number.isFinite(delay) ? delay : null;
      };
      return { counts, ratio, runs: delays.length, medianFrames: at(0.5), p99Frames: at(0.99) };
    }),
  );
  let alarms = 0;
  for (const counts of COUNTS)
    for (let run = 0; run < runs; run++) if (Number.isFinite(runOnce(counts, 1, random, 0, FRAMES))) alarms++;
  const gross = rows.filter(({ ratio }) => ratio === 0 || ratio >= 2);
  return {
    rows,
    falseAlarms: { alarms, runs: runs * COUNTS.length, frames: FRAMES },
    worstMedian: Math.max(...gross.map(({ medianFrames }) => medianFrames ?? Infinity)),
  };
}
