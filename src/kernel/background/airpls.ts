import {
  checkPenalised,
  createPenalisedWorkspace,
  type PenalisedFit,
  type PenalisedOptions,
  type PenalisedWorkspace,
} from './penalisedFit.ts';
import { reweighted, type Reweigh } from './reweighted.ts';

/** Iteration beyond which the exponent no longer grows. */
const LAST_STEEPER = 50;
/** Largest exponent whose power is a number. */
const LARGEST_EXPONENT = 709.78;

/**
 * Background by adaptive iteratively reweighted penalised least squares: channels above the background weigh nothing, those below the more
 * the further below. It stops when little lies below, and so under the noise rather than through it.
 *
 * @param values - [n], finite, n >= 3.
 * @param options - see `PenalisedOptions`; `tolerance` is the sum below the background over the sum of |values|.
 * @param out - [n] receives the background.
 * @param work - of `createPenalisedWorkspace`; `weights` keeps those of the last solution.
 * @returns iterations, and whether little enough lies below.
 * @throws RangeError for fewer than three channels, a value that is not finite or a setting out of range.
 * @see Zhang, Chen and Liang, Analyst 135 (2010) 1138.
 * @example
 * airpls(Float64Array.of(1, 2, 9, 4, 5), { lambda: 1e3 }, new Float64Array(5)).converged; // => true
 */
export function airpls(
  values: Float64Array,
  options: PenalisedOptions,
  out: Float64Array,
  work: PenalisedWorkspace = createPenalisedWorkspace(values.length),
): PenalisedFit {
  checkPenalised(values, options, out);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += Math.abs(values[i]!);
  return reweighted(values, options, out, work, byDepth(total));
}

/** Weights that grow with how far below the background a channel lies. @param total - sum of |values|. */
function byDepth(total: number): Reweigh {
  return (values, background, { next }, solve) => {
    const n = values.length;
    let sum = 0;
    let below = 0;
    for (let i = 0; i < n; i++) {
      const d = values[i]! - background[i]!;
      if (d >= 0) continue;
      sum -= d;
      below++;
    }
    if (below < 2) return 0;
    const steepness = Math.min(solve, LAST_STEEPER) / sum;
    for (let i = 0; i < n; i++) {
      const d = values[i]! - background[i]!;
      next[i] = d < 0 ? Math.exp(Math.min(-d * steepness, LARGEST_EXPONENT)) : 0;
    }
    return sum / total;
  };
}
