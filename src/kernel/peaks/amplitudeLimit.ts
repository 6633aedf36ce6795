import { solveBounded } from './boundedSolve.ts';
import { chiSquare, deviance, sumColumns } from './fitSums.ts';
import type { PeakFit } from './peakFit.ts';

/** 2 ln 20: no count at all excludes at 95 % what would make the misfit rise by this. */
const RISE = 5.991464547107979;
const HALVINGS = 24;
const DOUBLINGS = 200;

/**
 * Upper limit of an amplitude that came out as 0, or nearly: where the likelihood, with all other amplitudes at their best and the line
 * parameters held, has fallen to 1/20. Without any count that is the usual 3 counts at 95 %; where counts are many, 2.4 standard deviations.
 *
 * @param fit - a finished fit; its amplitudes, expected spectrum and weights stay as they were.
 * @param values - [n] the spectrum that was fitted.
 * @param component - whose amplitude.
 * @param isCounts - it was a fit to counts.
 * @returns finite and above 0 whenever the component shows in any used channel; Infinity otherwise.
 */
export function amplitudeLimit(fit: PeakFit, values: Float64Array, component: number, isCounts: boolean): number {
  const { amplitudeProblem: problem, columns, amplitudes, trial, expected, used } = fit;
  const { low, high, gram, size } = problem;
  const bounds = [low[component]!, high[component]!] as const;
  const misfitAt = (amplitude: number): number => {
    low[component] = high[component] = amplitude;
    trial.amplitudes.set(amplitudes);
    solveBounded(problem, trial.amplitudes);
    sumColumns(columns.basis, trial.amplitudes, expected);
    return isCounts ? deviance(fit, values) : chiSquare(fit, values);
  };
  let share = 0;
  const basis = columns.basis[component]!;
  for (let i = 0; i < basis.length; i++) share += basis[i]! * used[i]!;
  const start = amplitudes[component]!;
  let limit = Infinity;
  if (share > 0 && gram[component * size + component]! > 0) {
    const least = misfitAt(start);
    let reach = 1 / share;
    let k = 0;
    while (misfitAt(start + reach) - least < RISE && k++ < DOUBLINGS) reach *= 2;
    let from = 0;
    let to = reach;
    for (let half = 0; half < HALVINGS; half++) {
      const middle = 0.5 * (from + to);
      if (misfitAt(start + middle) - least < RISE) from = middle;
      else to = middle;
    }
    limit = start + to;
  }
  [low[component], high[component]] = bounds;
  sumColumns(columns.basis, amplitudes, expected);
  return limit;
}
