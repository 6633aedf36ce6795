/** Deviations above the background beyond which a channel is a peak: no noise takes it below. */
const PEAK = 4;

/** What the errors of a penalised background depend on. */
export interface PenalisedErrorOptions {
  /** [n] */
  readonly background: Float64Array;
  /** [n] weights of the last solution. */
  readonly weights: Float64Array;
  /** [n] variances of the values, >= 0. */
  readonly variances: Float64Array;
}

/**
 * Variances of the pulls w (y - b) over w^2. A channel that noise carries across the background pulls with a weight that depends on the side,
 * so that its pull scatters less than w times its noise: by as much as the mean square of what lies below, or above, falls short of the
 * variances, all channels without a peak taken together.
 *
 * @param values - [n].
 * @param options - see {@link PenalisedErrorOptions}.
 * @param out - [n] receives the variances to be used with weights squared.
 * @returns `out`.
 * @see Huber, Robust Statistics (1981), 6.3, on the variance of such estimates.
 */
export function pullVariances(
  values: Float64Array,
  { background, variances }: PenalisedErrorOptions,
  out: Float64Array,
): Float64Array {
  const n = values.length;
  let [below, above, varianceBelow, varianceAbove] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const r = values[i]! - background[i]!;
    if (r < 0) {
      below += r * r;
      varianceBelow += variances[i]!;
    } else if (r * r < PEAK * PEAK * variances[i]!) {
      above += r * r;
      varianceAbove += variances[i]!;
    }
  }
  const ofBelow = varianceBelow > 0 ? below / varianceBelow : 1;
  const ofAbove = varianceAbove > 0 ? above / varianceAbove : 1;
  for (let i = 0; i < n; i++) {
    const r = values[i]! - background[i]!;
    const part = r < 0 ? ofBelow : r * r < PEAK * PEAK * variances[i]! ? ofAbove : 1;
    out[i] = part * variances[i]!;
  }
  return out;
}

/** What {@link penalisedNetVariance} needs beside. */
export interface PenalisedNetOptions {
  readonly weights: Float64Array;
  /** [n] variances of the values. */
  readonly variances: Float64Array;
  /** [n] of {@link pullVariances}. */
  readonly pulls: Float64Array;
  /** [n] solution of (W + lambda D'D) u = 1 in the region, 0 elsewhere. */
  readonly influence: Float64Array;
  readonly first: number;
  readonly end: number;
}

/** Variance of the sum of values minus background over channels [first, end): each channel counts there and pulls the background. */
export function penalisedNetVariance({
  weights,
  variances,
  pulls,
  influence,
  first,
  end,
}: PenalisedNetOptions): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const pull = weights[i]! * influence[i]!;
    sum += pull * pull * pulls[i]! + (i >= first && i < end ? (1 - 2 * pull) * variances[i]! : 0);
  }
  return Math.max(0, sum);
}
