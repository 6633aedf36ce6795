import { normalTail } from '../change/normalTail.ts';

/** How a CUSUM moves at nominal exposure while nothing changes. Both scale with exposure. */
export interface QuietIncrement {
  /** Mean per frame, nats, < 0. */
  readonly mean: number;
  /** Variance per frame, nats squared, > 0. */
  readonly variance: number;
}

/** Steps of the statistic between zero and the threshold. */
const CELLS = 240;
/** Relative change of the hazard per frame below which it has settled. */
const SETTLED = 1e-7;

/**
 * Increments of a Poisson CUSUM for a factor `ratio`: counts x ln r - rate (r - 1).
 *
 * @param rate - counts per frame at nominal exposure, > 0.
 * @param ratio - > 0, not 1.
 */
export function quietPoissonIncrement(rate: number, ratio: number): QuietIncrement {
  const step = Math.log(ratio);
  return { mean: rate * (step - ratio + 1), variance: rate * step * step };
}

/**
 * Probability that a CUSUM whose exposure follows its own statistic passes a threshold within a run in which nothing changes.
 *
 * By a Markov chain over 240 cells (Brook and Evans) with normal increments of mean and variance in proportion to exposure.
 *
 * @param increment - see {@link QuietIncrement}.
 * @param exposureAt - exposure of the next frame, relative to nominal, > 0, by the statistic.
 * @param threshold - nats, > 0.
 * @param frames - length of the run.
 * @see Brook and Evans, Biometrika 59 (1972) 539.
 */
export function policyFalseAlarm(
  { mean, variance }: QuietIncrement,
  exposureAt: (statistic: number) => number,
  threshold: number,
  frames: number,
): number {
  const width = threshold / CELLS;
  const n = CELLS + 1;
  const move = new Float64Array(n * n);
  for (let from = 0; from < n; from++) {
    const at = from === 0 ? 0 : (from - 0.5) * width;
    const exposure = exposureAt(at);
    const centre = at + exposure * mean;
    const scale = 1 / Math.sqrt(exposure * variance);
    let above = 1;
    for (let to = 0; to < n; to++) {
      const beyond = normalTail((to * width - centre) * scale);
      move[from * n + to] = above - beyond;
      above = beyond;
    }
  }
  let now = new Float64Array(n);
  let next = new Float64Array(n);
  now[0] = 1;
  let survival = 1;
  let hazard = 0;
  for (let frame = 0; frame < frames; frame++) {
    next.fill(0);
    for (let from = 0; from < n; from++) {
      const weight = now[from]!;
      if (weight > 0) for (let to = 0; to < n; to++) next[to]! += weight * move[from * n + to]!;
    }
    const left = Math.min(1, next.reduce((sum, each) => sum + each, 0) / survival);
    const isSettled = frame > 10 && Math.abs(1 - left - hazard) <= SETTLED * hazard;
    hazard = 1 - left;
    survival *= left;
    if (isSettled) return 1 - survival * left ** (frames - frame - 1);
    [now, next] = [next, now];
  }
  return 1 - survival;
}

/**
 * Threshold of a CUSUM at which a run with a policy of exposure holds a false alarm with a given probability.
 *
 * @param falseAlarm - probability per run, in (0, 1).
 * @returns nats, to 0.001.
 * @throws RangeError when the increments cannot be those of a quiet CUSUM.
 * @see {@link policyFalseAlarm} for the other arguments.
 */
export function policyThreshold(
  increment: QuietIncrement,
  exposureAt: (statistic: number) => number,
  frames: number,
  falseAlarm: number,
): number {
  if (!(increment.mean < 0 && increment.variance > 0))
    throw new RangeError(
      `increments of mean ${increment.mean} and variance ${increment.variance}, expected a negative mean`,
    );
  let threshold = Math.log(frames / falseAlarm);
  // The probability falls about e-fold per nat.
  for (let k = 0; k < 30; k++) {
    const probability = Math.max(policyFalseAlarm(increment, exposureAt, threshold, frames), 1e-300);
    const step = Math.max(-0.5 * threshold, Math.min(3, Math.log(probability / falseAlarm)));
    threshold += step;
    if (Math.abs(step) < 1e-3) break;
  }
  return threshold;
}
