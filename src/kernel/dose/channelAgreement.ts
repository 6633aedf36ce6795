import {
  createPoissonCusumState,
  resetPoissonCusum,
  updatePoissonCusum,
  type PoissonCusumState,
} from '../change/poissonCusum.ts';

/** Log-likelihood ratio at which the channels disagree, nats: no false alarm in 600 runs of 1 000 frames, thickness drifting by 20 %. */
export const AGREEMENT_THRESHOLD = 12;
/** Ratios between these are no disagreement: a sample whose thickness drifts is legal. */
const BAND = { low: 0.7, high: 1.3 } as const;
/**
 * Changes beyond the band that are found fastest, as factors. 1.4 finds a doubling within 3 frames of 30 counts, but nothing
 * below a ratio of 1.55; 1.05 finds ratios from 1.34 on, the sooner the more counts there are.
 */
const STEPS = [1.4, 1.05] as const;
/** Frames that must agree before a disagreement is over. */
const QUIET_FRAMES = 10;
/** Frames that the smoothed ratio remembers. */
const MEMORY = 20;

/** Two measures of one dose held against each other: plain data. */
export type ChannelAgreement = {
  /** [2] by design step. */
  more: PoissonCusumState[];
  less: PoissonCusumState[];
  /** Of the disagreement that stands: +1 more counts than predicted, -1 fewer, 0 none. */
  standing: -1 | 0 | 1;
  onsetUs: number;
  quietFrames: number;
  /** Counts that came beyond the predicted ones during disagreements, >= 0. */
  excess: number;
  /** Sums over the last frames: counts without dark ones, their variance, predicted counts. */
  counts: number;
  variance: number;
  predicted: number;
};

export const createChannelAgreement = (): ChannelAgreement => ({
  more: STEPS.map(createPoissonCusumState),
  less: STEPS.map(createPoissonCusumState),
  standing: 0,
  onsetUs: 0,
  quietFrames: 0,
  excess: 0,
  counts: 0,
  variance: 0,
  predicted: 0,
});

/**
 * One frame of two dose channels: counts of a detector against those that the beam current predicts.
 *
 * Poisson CUSUMs at either edge of a dead band of +-30 % ask for a ratio beyond it; design steps a factor of 1.4 and one of
 * 1.05, threshold 12 nats. Counts above the dark limit where none is predicted are a disagreement at once. It stands until
 * 10 frames in a row agree: with all statistics used up, or with no beam in either channel.
 *
 * @param state - changed in place.
 * @param counts - of the detector, >= 0.
 * @param predicted - counts, >= 0; 0 while the first channel says that there is no beam.
 * @param timeUs - of the frame.
 * @param darkCounts - mean counts per frame without beam, >= 0.
 * @returns the statistic, nats: the larger of both sides, at least the threshold while a disagreement stands.
 */
export function updateChannelAgreement(
  state: ChannelAgreement,
  counts: number,
  predicted: number,
  timeUs: number,
  darkCounts: number,
): number {
  const { more, less } = state;
  const kept = 1 - 1 / MEMORY;
  state.counts = kept * state.counts + counts - darkCounts;
  state.variance = kept * kept * state.variance + counts;
  state.predicted = kept * state.predicted + predicted;
  const isDark = !(predicted > 0);
  const isSeenInDark = isDark && counts > darkLimit(darkCounts);
  if (!isDark)
    for (let k = 0; k < STEPS.length; k++) {
      const high = BAND.high * predicted + darkCounts;
      const low = BAND.low * predicted + darkCounts;
      updatePoissonCusum(more[k]!, counts, high, timeUs, { rate: 1, ratio: STEPS[k]! });
      updatePoissonCusum(less[k]!, counts, low, timeUs, { rate: 1, ratio: 1 / STEPS[k]! });
    }
  else if (isSeenInDark) countInDark(more[0]!, counts, timeUs, darkCounts);
  const most = strongest(more);
  const least = strongest(less);
  const statistic = Math.max(most.statistic, least.statistic);
  if (state.standing > 0) state.excess += Math.max(0, counts - darkCounts - predicted);
  if (statistic >= AGREEMENT_THRESHOLD) {
    const isMore = most.statistic >= least.statistic;
    if (state.standing === 0) state.onsetUs = (isMore ? most : least).sinceUs;
    // What came before it was noticed was more than was charged, too.
    if (isMore && state.standing <= 0) state.excess += excessOf(most, darkCounts);
    state.standing = isMore ? 1 : -1;
  }
  if (state.standing === 0) return statistic;
  // Beyond the threshold, evidence would only delay the end.
  more.forEach(cap);
  less.forEach(cap);
  const isQuiet = isDark ? !isSeenInDark : statistic === 0;
  state.quietFrames = isQuiet ? state.quietFrames + 1 : 0;
  if (state.quietFrames < QUIET_FRAMES) return Math.max(statistic, AGREEMENT_THRESHOLD);
  state.standing = 0;
  state.quietFrames = 0;
  more.forEach(resetPoissonCusum);
  less.forEach(resetPoissonCusum);
  return 0;
}

/** Ratio of the second channel to the first over the last frames, and its standard error; null while nothing is predicted. */
export function smoothedRatio({
  counts,
  variance,
  predicted,
}: ChannelAgreement): { value: number; error: number } | null {
  if (!(predicted > 0)) return null;
  return { value: Math.max(0, counts) / predicted, error: Math.sqrt(Math.max(1, variance)) / predicted };
}

const strongest = (sides: readonly PoissonCusumState[]): PoissonCusumState =>
  sides.reduce((best, each) => (each.statistic > best.statistic ? each : best));

const cap = (side: PoissonCusumState): void => {
  side.statistic = Math.min(side.statistic, AGREEMENT_THRESHOLD);
};

function countInDark(side: PoissonCusumState, counts: number, timeUs: number, darkCounts: number): void {
  if (side.frameCount === 0) side.sinceUs = timeUs;
  side.frameCount++;
  side.counts += counts;
  side.exposure += darkCounts;
  side.statistic = Math.max(side.statistic, AGREEMENT_THRESHOLD);
}

/** Counts of one frame that are beyond doubt more than dark ones. */
const darkLimit = (darkCounts: number): number => darkCounts + 5 * Math.sqrt(darkCounts) + 10;

/** Counts beyond the predicted ones since the statistic was zero. */
function excessOf({ counts, exposure, frameCount }: PoissonCusumState, darkCounts: number): number {
  const dark = frameCount * darkCounts;
  return Math.max(0, counts - dark - Math.max(0, exposure - dark) / BAND.high);
}
