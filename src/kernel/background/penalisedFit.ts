import { refusal } from '../refusal.ts';
import { createWhittakerWorkspace, type WhittakerWorkspace } from './whittaker.ts';

/** Settings common to the backgrounds of penalised least squares. */
export interface PenalisedOptions {
  /** Weight of the squared second differences, > 0, typically 1e3 to 1e9; grows with the fourth power of the number of channels. */
  readonly lambda: number;
  /** Solutions after which it stops at the latest, >= 1. @default 51 */
  readonly solves?: number;
  /** Change below which it stops: of the weights (asls, arpls), relative, or of the sum below the background (airpls). @default 1e-3 */
  readonly tolerance?: number;
}

/** Room for a background of penalised least squares. */
export interface PenalisedWorkspace extends WhittakerWorkspace {
  /** [n] weights of the last solution. */
  readonly weights: Float64Array;
  /** [n] weights of the next. */
  readonly next: Float64Array;
}

/** How a background of penalised least squares came about. */
export interface PenalisedFit {
  readonly iterations: number;
  /** False: stopped at the last solution allowed. */
  readonly converged: boolean;
}

/** @param n - channels. */
export function createPenalisedWorkspace(n: number): PenalisedWorkspace {
  return { ...createWhittakerWorkspace(n), weights: new Float64Array(n), next: new Float64Array(n) };
}

/**
 * Refuses what has no background.
 *
 * @throws RangeError for fewer than three channels, a value that is not finite, another length, a lambda or a number of solutions out of range.
 */
export function checkPenalised(
  values: Float64Array,
  { lambda, solves = 1 }: PenalisedOptions,
  out: Float64Array,
): void {
  const n = values.length;
  if (n < 3) throw refusal('TooShort', `a second difference of ${n} channels, expected at least 3`);
  if (out.length !== n) throw refusal('LengthMismatch', `out has ${out.length} elements, expected ${n}`);
  if (!(lambda > 0 && Number.isFinite(lambda))) throw refusal('OutOfRange', `lambda is ${lambda}, expected above 0`);
  if (!(solves >= 1)) throw refusal('OutOfRange', `solves is ${solves}, expected at least 1`);
  for (let i = 0; i < n; i++)
    if (values[i]! - values[i]! !== 0)
      throw refusal('NonFiniteInput', `values[${i}] is ${values[i]}, expected a finite number`);
}
