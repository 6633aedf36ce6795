/** Counts and exposure since the statistic of one side was last zero: plain data. */
export type PoissonCusumState = {
  counts: number;
  exposure: number;
  frameCount: number;
  sinceUs: number;
  statistic: number;
};

export interface PoissonCusumOptions {
  /** Mean counts per unit of exposure while nothing changes, > 0. */
  readonly rate: number;
  /** Change worth finding: > 1 for a rise, < 1 for a fall. Nearer 1 finds weaker changes and needs longer. */
  readonly ratio: number;
  /** Exposure the rate was learned from, in the same unit; Infinity when it is known. @default Infinity */
  readonly learnedExposure?: number;
}

export const createPoissonCusumState = (): PoissonCusumState => ({
  counts: 0,
  exposure: 0,
  frameCount: 0,
  sinceUs: 0,
  statistic: 0,
});

/**
 * One step of a Poisson cumulative sum (CUSUM).
 *
 * With a known rate m: S <- max(0, S + x ln r - m e (r - 1)) for x counts in exposure e. A learned rate is itself uncertain: then the
 * likelihood ratio of all since S was zero (X counts, exposure E) is taken with the rate profiled out,
 * S = X ln r - (N + X) ln((T + r E) / (T + E)), N = m T the counts learned from; for T -> infinity it is the same.
 *
 * @param state - changed in place.
 * @param counts - of this frame, >= 0.
 * @param exposure - of this frame, > 0, in the unit of the rate; a frame of no exposure changes nothing.
 * @param timeUs - of this frame.
 * @param options - see {@link PoissonCusumOptions}.
 * @returns S after the step.
 * @see Lucas, Technometrics 27 (1985) 129; Moustakides, Ann. Statist. 14 (1986) 1379.
 */
export function updatePoissonCusum(
  state: PoissonCusumState,
  counts: number,
  exposure: number,
  timeUs: number,
  options: PoissonCusumOptions,
): number {
  const { rate, ratio, learnedExposure = Infinity } = options;
  if (!(exposure > 0)) return state.statistic;
  if (state.frameCount === 0) state.sinceUs = timeUs;
  state.counts += counts;
  state.exposure += exposure;
  state.frameCount++;
  const learned = Number.isFinite(learnedExposure);
  const statistic = learned
    ? state.counts * Math.log(ratio) -
      (rate * learnedExposure + state.counts) *
        Math.log1p(((ratio - 1) * state.exposure) / (learnedExposure + state.exposure))
    : state.statistic + counts * Math.log(ratio) - rate * exposure * (ratio - 1);
  if (statistic > 0) state.statistic = statistic;
  else resetPoissonCusum(state);
  return state.statistic;
}

/** Back to zero: after a detection, or when the evidence is used up. */
export function resetPoissonCusum(state: PoissonCusumState): void {
  state.counts = 0;
  state.exposure = 0;
  state.frameCount = 0;
  state.sinceUs = 0;
  state.statistic = 0;
}

/**
 * About 95 % interval of the onset: 5.5 / KL frames to either side, at least one, with KL the information per frame of the change as it was
 * seen.
 *
 * @param rate - mean counts per unit of exposure while nothing changes.
 * @param timeUs - of the last frame; the onset is not later.
 * @param exposureUs - stands for the frame period when the statistic has risen for one frame only.
 * @returns microseconds, from and to.
 * @see Yao, Ann. Statist. 15 (1987) 1321: the 0.975 quantile of the change-point estimate in units of variance / step^2 is 11.
 */
export function onsetInterval(
  { counts, exposure, frameCount, sinceUs }: PoissonCusumState,
  rate: number,
  timeUs: number,
  exposureUs: number,
): [from: number, to: number] {
  const expected = rate * exposure;
  const information = counts === 0 ? expected : counts * Math.log(counts / expected) - counts + expected;
  const periodUs = frameCount > 1 ? (timeUs - sinceUs) / (frameCount - 1) : exposureUs;
  const halfUs = Math.round(Math.max(1, (5.5 * frameCount) / information) * periodUs);
  return [sinceUs - halfUs, Math.max(sinceUs, Math.min(timeUs, sinceUs + halfUs))];
}
