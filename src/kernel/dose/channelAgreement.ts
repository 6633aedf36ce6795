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
/** A change beyond the band that is found fastest, as a factor: 1.3 would need 3 or 4 frames of 30 counts for a doubling, this needs 3. */
const STEP = 1.4;
/** Frames that must agree before a disagreement is over. */
const QUIET_FRAMES = 10;
/** Frames that the smoothed ratio remembers. */
const MEMORY = 20;

/** Two measures of one dose held against each other: plain data. */
export type ChannelAgreement = {
  more: PoissonCusumState;
  less: PoissonCusumState;
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
  more: createPoissonCusumState(),
  less: createPoissonCusumState(),
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
 * A Poisson CUSUM at either edge of a dead band of +-30 % asks for a ratio beyond it; design step a factor of 1.4, threshold
 * 12 nats. Counts above the dark limit where none is predicted are a disagreement at once. It stands until 10
 * frames in a row agree: with both statistics used up, or with no beam in either channel.
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
  if (!isDark) {
    updatePoissonCusum(more, counts, BAND.high * predicted + darkCounts, timeUs, { rate: 1, ratio: STEP });
    updatePoissonCusum(less, counts, BAND.low * predicted + darkCounts, timeUs, { rate: 1, ratio: 1 / STEP });
  } else if (isSeenInDark) {
    if (more.frameCount === 0) more.sinceUs = timeUs;
    more.frameCount++;
    more.counts += counts;
    more.exposure += darkCounts;
    more.statistic = Math.max(more.statistic, AGREEMENT_THRESHOLD);
  }
  const statistic = Math.max(more.statistic, less.statistic);
  if (state.standing > 0) state.excess += Math.max(0, counts - darkCounts - predicted);
  if (statistic >= AGREEMENT_THRESHOLD) {
    const isMore = more.statistic >= less.statistic;
    if (state.standing === 0) state.onsetUs = (isMore ? more : less).sinceUs;
    // What came before it was noticed was more than was charged, too.
    if (isMore && state.standing <= 0) state.excess += excessOf(more, darkCounts);
    state.standing = isMore ? 1 : -1;
  }
  if (state.standing === 0) return statistic;
  // Beyond the threshold, evidence would only delay the end.
  more.statistic = Math.min(more.statistic, AGREEMENT_THRESHOLD);
  less.statistic = Math.min(less.statistic, AGREEMENT_THRESHOLD);
  const isQuiet = isDark ? !isSeenInDark : statistic === 0;
  state.quietFrames = isQuiet ? state.quietFrames + 1 : 0;
  if (state.quietFrames < QUIET_FRAMES) return Math.max(statistic, AGREEMENT_THRESHOLD);
  state.standing = 0;
  state.quietFrames = 0;
  resetPoissonCusum(more);
  resetPoissonCusum(less);
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

/** Counts of one frame that are beyond doubt more than dark ones. */
const darkLimit = (darkCounts: number): number => darkCounts + 5 * Math.sqrt(darkCounts) + 10;

/** Counts beyond the predicted ones since the statistic was zero. */
function excessOf({ counts, exposure, frameCount }: PoissonCusumState, darkCounts: number): number {
  const dark = frameCount * darkCounts;
  return Math.max(0, counts - dark - Math.max(0, exposure - dark) / BAND.high);
}
