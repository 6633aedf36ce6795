import type { PenalisedFit, PenalisedOptions, PenalisedWorkspace } from './penalisedFit.ts';
import { whittaker } from './whittaker.ts';

/**
 * Next weights from values and background, into `work.next`.
 * @param solve - solutions so far, from 1.
 * @returns the change that is compared with the tolerance, or null when too little lies below the background to improve it.
 */
export type Reweigh = (
  values: Float64Array,
  background: Float64Array,
  work: PenalisedWorkspace,
  solve: number,
) => number | null;

/**
 * Solves and weighs anew until the weights are at rest: what the backgrounds of penalised least squares have in common.
 *
 * @param values - [n], checked.
 * @param options - see `PenalisedOptions`.
 * @param out - [n] receives the background.
 * @param work - of `createPenalisedWorkspace`; `weights` keeps those of the last solution.
 * @param reweigh - see {@link Reweigh}.
 */
export function reweighted(
  values: Float64Array,
  { lambda, solves = 51, tolerance = 1e-3 }: PenalisedOptions,
  out: Float64Array,
  work: PenalisedWorkspace,
  reweigh: Reweigh,
): PenalisedFit {
  const { weights, next } = work;
  weights.fill(1);
  out.set(values);
  whittaker(out, { weights, lambda }, work, out);
  for (let solve = 1; ; solve++) {
    const change = reweigh(values, out, work, solve);
    if (change === null) return { iterations: solve - 1, converged: true };
    if (change < tolerance) return { iterations: solve, converged: true };
    if (solve >= solves) return { iterations: solve, converged: false };
    for (let i = 0; i < values.length; i++) {
      weights[i] = next[i]!;
      out[i] = weights[i]! * values[i]!;
    }
    whittaker(out, { weights, lambda }, work, out);
  }
}
