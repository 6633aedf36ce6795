/** How a stated threshold may be trimmed. */
export interface TrimOptions {
  /** Mean frames between false alarms that the stated threshold stands for. */
  readonly runLength: number;
  /** Quiet frames between two passes of the lower level; less than `runLength`. */
  readonly every: number;
  /** Frames after which an old trim is mostly forgotten. */
  readonly memory: number;
  /** Furthest below and above the stated threshold, in its unit. */
  readonly below: number;
  readonly above: number;
  /** Frames it does not move at first, and after evidence was high. */
  readonly learn: number;
  readonly hold: number;
  /** 'logLikelihoodRatio': one unit is one e-fold of the run length; 'deviations': half the square is. */
  readonly unit: 'logLikelihoodRatio' | 'deviations';
}

/** Plain data. */
export type TrimmedThreshold = {
  /** What the stated threshold is multiplied by, less 1. */
  lift: number;
  frames: number;
  /** Whether the statistic has returned to its usual values since it last passed the lower level. */
  armed: boolean;
  /** Frames until it may move. */
  waiting: number;
  /** The threshold in force, and how much of it is trim. */
  threshold: number;
  trim: number;
  /** Why it does not move. */
  isEvidenceHigh: boolean;
  isLearning: boolean;
  isAtBound: boolean;
};

export function createTrimmedThreshold(): TrimmedThreshold {
  return {
    lift: 0,
    frames: 0,
    armed: true,
    waiting: 0,
    threshold: 0,
    trim: 0,
    isEvidenceHigh: false,
    isLearning: true,
    isAtBound: false,
  };
}

/**
 * Trims a threshold by one frame, so that a lower level is passed once in `every` quiet frames: the stream itself says
 * how its noise differs from what the stated threshold supposes. Threshold and level are lifted by the same factor, as
 * noise that scatters more than it should lifts them.
 *
 * An excursion counts as one pass however long it lasts, and evidence half way from the level to the threshold
 * freezes the trim until `hold` frames after it is over: a change cannot raise the threshold it has yet to pass. Where
 * the noise is as supposed, the trim wanders by sqrt(every / (2 memory)) e-folds.
 *
 * @param statistic - of this frame.
 * @param stated - the threshold without trim.
 * @see Robbins and Monro, Ann. Math. Stat. 22 (1951) 400; Gibbs and Candes, Adaptive conformal inference under
 *   distribution shift, Adv. Neural Inf. Process. Syst. 34 (2021)
 */
export function updateTrim(state: TrimmedThreshold, statistic: number, stated: number, options: TrimOptions): void {
  const { every, memory, learn, hold, unit } = options;
  const folds = Math.log(options.runLength / every);
  const level = unit === 'deviations' ? Math.sqrt(Math.max(stated * stated - 2 * folds, 0)) : stated - folds;
  state.frames++;
  state.isLearning = state.frames <= learn;
  if (!(level > 0)) {
    // No level to count passes of: what is stated stands.
    state.lift = 0;
    state.isAtBound = true;
    state.waiting = 0;
  }
  // A frame is judged by the frames before it alone.
  state.trim = stated * state.lift;
  state.threshold = stated + state.trim;
  if (!(level > 0)) return;
  const lifted = level * (1 + state.lift);
  const high = 0.5 * (lifted + stated * (1 + state.lift));
  state.isEvidenceHigh = statistic >= high;
  const isPass = state.armed && statistic >= lifted;
  if (isPass) state.armed = false;
  else if (statistic <= 0.5 * lifted) state.armed = true;
  const waited = state.waiting;
  state.waiting = state.isEvidenceHigh ? hold : Math.max(waited - 1, learn - state.frames, 0);
  const isFree = waited === 0 && !state.isLearning;
  // The pass that begins an episode counts, even when it leads straight to high evidence.
  if (isFree && (isPass || !state.isEvidenceHigh)) {
    const gain = every / memory;
    const perFold = unit === 'deviations' ? 1 / level : 1;
    state.lift += ((isPass ? 1 : 0) - 1 / every) * gain * (perFold / level);
  }
  const least = -Math.min(options.below / stated, 0.5);
  const most = options.above / stated;
  state.isAtBound = state.lift <= least || state.lift >= most;
  state.lift = Math.min(Math.max(state.lift, least), most);
}
