import {
  checkPenalised,
  createPenalisedWorkspace,
  type PenalisedFit,
  type PenalisedOptions,
  type PenalisedWorkspace,
} from './penalisedFit.ts';
import { whittaker } from './whittaker.ts';

/** Beyond this exponent a logistic weight is 0 or 1 to the last bit but a few. */
const STEEPEST = 40;

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
  const { lambda, solves = 51, tolerance = 1e-3 } = options;
  const n = values.length;
  const { weights } = work;
  weights.fill(1);
  out.set(values);
  whittaker(out, { weights, lambda }, work, out);
  for (let solve = 1; ; solve++) {
    const change = reweigh(values, out, work);
    if (change === null) return { iterations: solve - 1, converged: true };
    if (change < tolerance) return { iterations: solve, converged: true };
    if (solve >= solves) return { iterations: solve, converged: false };
    for (let i = 0; i < n; i++) {
      weights[i] = work.next[i]!;
      out[i] = weights[i]! * values[i]!;
    }
    whittaker(out, { weights, lambda }, work, out);
  }
}

/** Fills `next`. @returns the relative change of the weights, or null when too few channels lie below the background. */
function reweigh(values: Float64Array, background: Float64Array, { weights, next }: PenalisedWorkspace): number | null {
  const n = values.length;
  let below = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - background[i]!;
    const negative = 0.5 * (d - Math.abs(d));
    sum += negative;
    below += negative < 0 ? 1 : 0;
  }
  if (below < 2) return null;
  const mean = sum / below;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - background[i]!;
    if (d < 0) squares += (d - mean) * (d - mean);
  }
  const deviation = Math.sqrt(squares / (below - 1)) || Number.MIN_VALUE;
  const edge = 2 * deviation - mean;
  let changed = 0;
  let norm = 0;
  for (let i = 0; i < n; i++) {
    const exponent = (2 * (values[i]! - background[i]! - edge)) / deviation;
    const weight =
      exponent > STEEPEST
        ? Math.exp(-Math.min(exponent, 700))
        : exponent < -STEEPEST
          ? 1
          : 1 / (1 + Math.exp(exponent));
    const difference = weight - weights[i]!;
    changed += difference * difference;
    norm += weights[i]! * weights[i]!;
    next[i] = weight;
  }
  return Math.sqrt(changed / norm);
}
