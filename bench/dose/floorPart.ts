import { normalQuantile } from '../../src/kernel/change/normalTail.ts';
import { detectableFloor, FLOOR_POWER, floorDeviation } from '../../src/kernel/dose/detectableFloor.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128, type RandomState } from '../../src/kernel/random/xoshiro128.ts';

/** The change that was really found with the stated power, against the printed one. */
export interface FloorCell {
  readonly counts: number;
  readonly signal: number;
  readonly window: number;
  readonly learnedFrames: number;
  readonly runLength: number;
  /** Threshold of the scan for this run length, simulated, nats. */
  readonly threshold: number;
  readonly printed: number;
  readonly measured: number;
  /** measured / printed: above 1, the page is optimistic. */
  readonly ratio: number;
}

export interface FloorReport {
  readonly cells: readonly FloorCell[];
  readonly lowest: number;
  readonly highest: number;
  readonly mean: number;
}

/** Window lengths of the scan that the thresholds are for. */
const SCANNED = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 40, 48, 56, 64];
/** Counts per frame and signal of them. */
const LEVELS: readonly (readonly [counts: number, signal: number])[] = [
  [60, 30],
  [400, 200],
  [2000, 1000],
  [40_000, 4000],
  [2_000_000, 200_000],
];
const WINDOWS = [1, 8, 64];
const BASELINES = [100, Infinity];
/** Nats at a mean of so many frames between false alarms, of the two-sided scan over windows up to 64 frames, simulated. */
const THRESHOLDS: readonly (readonly [runLength: number, threshold: number])[] = [
  [1e3, 6.63],
  [1e4, 9.09],
];
/** Shares of the printed floor that are tried. */
const TRIED = [0.82, 0.88, 0.94, 1, 1.06];

/** The printed floor against the one that a scan over windows really has, for 60 combinations of counts, window, baseline and rate of false alarms. */
export function floorPart({ full }: { readonly full: boolean }): FloorReport {
  const runs = full ? 6000 : 1500;
  const random = seedXoshiro128(23, 0);
  const cells: FloorCell[] = [];
  for (const [counts, signal] of LEVELS)
    for (const window of WINDOWS)
      for (const learnedFrames of BASELINES)
        for (const [runLength, threshold] of THRESHOLDS) {
          const printed = detectableFloor({ counts, signal, learnedFrames }, window, floorDeviation(runLength));
          const cell = { counts, signal, window, learnedFrames, runLength, threshold, printed };
          const ratio = measuredShare(cell, runs, random);
          cells.push({ ...cell, measured: ratio * printed, ratio });
        }
  const ratios = cells.map(({ ratio }) => ratio);
  return {
    cells,
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    mean: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
  };
}

type Case = Omit<FloorCell, 'measured' | 'ratio'>;

/** Share of the printed floor that is found with the stated power: where a straight line through the probits passes it. */
function measuredShare(cell: Case, runs: number, random: RandomState): number {
  const points = TRIED.flatMap((share) => {
    let found = 0;
    for (let run = 0; run < runs; run++) if (isFound(cell, share * cell.printed, random)) found++;
    // Beyond these the probit says nothing.
    return found < 2 || found > runs - 2 ? [] : [{ share, probit: -normalQuantile(found / runs) }];
  });
  const mean = (value: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const [share, probit] = [mean((point) => point.share), mean((point) => point.probit)];
  const slope =
    mean((point) => (point.share - share) * (point.probit - probit)) / mean((point) => (point.share - share) ** 2);
  return share + (-normalQuantile(FLOOR_POWER) - probit) / slope;
}

/** Whether a rise of the signal is found within the window, by the likelihood ratio of any scanned window that ends in it. */
function isFound(
  { counts, signal, window, learnedFrames, threshold }: Case,
  change: number,
  random: RandomState,
): boolean {
  const isLearned = Number.isFinite(learnedFrames);
  const rate = isLearned ? nextPoisson(random, counts * learnedFrames) / learnedFrames : counts;
  let total = 0;
  sums[0] = 0;
  for (let k = 1; k <= LONGEST + window; k++) {
    total += nextPoisson(random, counts + (k > LONGEST ? change * signal : 0));
    sums[k] = total;
  }
  for (let end = LONGEST + 1; end <= LONGEST + window; end++)
    for (const length of SCANNED) {
      const seen = sums[end]! - sums[end - length]!;
      if (likelihoodRatio(seen, length, rate, learnedFrames) >= threshold) return true;
    }
  return false;
}

const LONGEST = SCANNED[SCANNED.length - 1]!;
const sums = new Float64Array(2 * LONGEST + 1);

/** Log-likelihood ratio of another rate in so many frames than in those learned from, nats. */
function likelihoodRatio(seen: number, frames: number, rate: number, learnedFrames: number): number {
  const isLearned = Number.isFinite(learnedFrames);
  const common = isLearned ? (seen + rate * learnedFrames) / (frames + learnedFrames) : rate;
  const ofWindow = (seen > 0 ? seen * Math.log(seen / (frames * common)) : 0) - seen + frames * common;
  const rest = isLearned ? learnedFrames * (rate * Math.log(rate / common) - rate + common) : 0;
  return ofWindow + rest;
}
