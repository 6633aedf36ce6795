import {
  checkPenalised,
  createPenalisedWorkspace,
  type PenalisedFit,
  type PenalisedOptions,
  type PenalisedWorkspace,
} from './penalisedFit.ts';
import { reweighted, type Reweigh } from './reweighted.ts';

/** Beyond this exponent a logistic weight is 0 or 1 to the last bit but a few. */
const STEEPEST = 40;
/** Part of the sum of squares below which the scatter around the mean is lost to rounding when taken from sums. */
const CANCELLED = 1e-6;

/**
 * Background by asymmetrically reweighted penalised least squares: the weights fall off, as a logistic curve, where a channel lies
 * further above the background than the scatter of the channels below it explains. The background runs through the noise, not below it.
 *
 * @param values - [n], finite, n >= 3.
 * @param options - see `PenalisedOptions`.
 * @param out - [n] receives the background.
 * @param work - of `createPenalisedWorkspace`; `weights` keeps those of the last solution.
 * @returns iterations, and whether the weights came to rest; with fewer than two channels below the background there is nothing to improve.
 * @throws RangeError for fewer than three channels, a value that is not finite or a setting out of range.
 * @see Baek et al., Analyst 140 (2015) 250.
 * @example
 * arpls(Float64Array.of(1, 2, 9, 4, 5), { lambda: 1e3 }, new Float64Array(5)).iterations > 1; // => true
 */
export function arpls(
  values: Float64Array,
  options: PenalisedOptions,
  out: Float64Array,
  work: PenalisedWorkspace = createPenalisedWorkspace(values.length),
): PenalisedFit {
  checkPenalised(values, options, out);
  return reweighted(values, options, out, work, reweigh);
}

const reweigh: Reweigh = (values, background, { weights, next }) => {
  const n = values.length;
  let below = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - background[i]!;
    const negative = 0.5 * (d - Math.abs(d));
    sum += negative;
    squares += negative * negative;
    below += negative < 0 ? 1 : 0;
  }
  if (below < 2) return null;
  const mean = sum / below;
  let scatter = squares - sum * mean;
  if (scatter < CANCELLED * squares) scatter = scatterBelow(values, background, mean);
  const deviation = Math.sqrt(scatter / (below - 1)) || Number.MIN_VALUE;
  const edge = 2 * deviation - mean;
  const steepness = Math.min(2 / deviation, Number.MAX_VALUE);
  let changed = 0;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    const weight = logistic((values[i]! - background[i]! - edge) * steepness);
    const difference = weight - weights[i]!;
    changed += difference * difference;
    norm += weights[i]! * weights[i]!;
    next[i] = weight;
  }
  return Math.sqrt(changed / norm);
};

/** Sum of squares around the mean of what lies below the background. */
function scatterBelow(values: Float64Array, background: Float64Array, mean: number): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - background[i]!;
    if (d < 0) squares += (d - mean) * (d - mean);
  }
  return squares;
}

/** 1 / (1 + e^x) within 1e-12 of itself: e^(x / 256) by its series, squared eight times, is faster than `Math.exp`. */
function logistic(x: number): number {
  if (x > STEEPEST) return Math.exp(-Math.min(x, 700));
  if (x < -STEEPEST) return 1;
  const r = x / 256;
  const square = r * r;
  const even = 1 / 2 + square * (1 / 24 + square * (1 / 720 + square * (1 / 40_320)));
  const odd = 1 + square * (1 / 6 + square * (1 / 120 + square * (1 / 5040 + square * (1 / 362_880))));
  let e = 1 + square * even + r * odd;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  return 1 / (1 + e);
}
