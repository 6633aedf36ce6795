import { createMonotoneWorkspace, monotoneErrors, type MonotoneWorkspace } from './monotone.ts';

/** Values on the rising side at the least. */
export const BEFORE = 6;
/** Values on the falling side at the least: a single odd value is no turn. */
export const AFTER = 2;
/** Values at the least for a turning point to be looked for. */
export const LEAST = BEFORE + AFTER;

/** Room for {@link testTurning}. */
export interface TurningWorkspace {
  readonly monotone: MonotoneWorkspace;
  readonly rising: Float64Array;
  readonly falling: Float64Array;
  /** From the other end, or the other way. */
  readonly again: Float64Array;
  readonly fallen: Float64Array;
}

export function createTurningWorkspace(n: number): TurningWorkspace {
  const array = (): Float64Array => new Float64Array(n);
  return { monotone: createMonotoneWorkspace(n), rising: array(), falling: array(), again: array(), fallen: array() };
}

/** What speaks for a turning point; log-likelihood ratios of values whose variances are 1 over their weights. */
export interface TurningEvidence {
  /** Rose, then fell, against: went one way, at any speed, with stops and jumps. */
  turned: number;
  /** Rose, then fell, against: went one way, jumped back once, and went on the same way. */
  jumped: number;
  /** Last value of the rising side. */
  split: number;
}

/** Which part of a series is tested. */
export interface TurningOptions {
  /** Values, at least {@link LEAST}. */
  readonly count: number;
  /** +1: rose, then fell; -1: fell, then rose. */
  readonly sense: 1 | -1;
  /** First and last place tried for `split`. */
  readonly first: number;
  readonly last: number;
}

/**
 * Whether a series turned. Every side is fitted by the best monotone sequence, so that no law of the evolution is
 * assumed: a change of speed, a stop and a jump ahead are no evidence at all, and time stamps may be irregular.
 *
 * @param values - [>= count], finite.
 * @param weights - [>= count], > 0: 1 over the variance of each.
 * @param out - receives the evidence of the best split.
 * @returns `out`.
 * @see Robertson, Wright and Dykstra, Order Restricted Statistical Inference, Wiley 1988 (likelihood ratios under
 *   order restrictions, umbrella orderings).
 * @example
 * const work = createTurningWorkspace(9);
 * const ones = new Float64Array(9).fill(1);
 * const evidence = { turned: 0, jumped: 0, split: 0 };
 * testTurning(Float64Array.of(0, 2, 4, 6, 8, 10, 8, 6, 4), ones, { count: 9, sense: 1, first: 5, last: 6 }, work, evidence);
 * evidence.split; // => 5
 */
export function testTurning(
  values: Float64Array,
  weights: Float64Array,
  { count, sense, first, last }: TurningOptions,
  { monotone, rising, falling, again, fallen }: TurningWorkspace,
  out: TurningEvidence,
): TurningEvidence {
  const end = count - 1;
  const back = sense === 1 ? -1 : 1;
  monotoneErrors(values, weights, { from: 0, to: end, sense }, rising, monotone);
  monotoneErrors(values, weights, { from: end, to: 0, sense }, falling, monotone);
  monotoneErrors(values, weights, { from: end, to: 0, sense: back }, again, monotone);
  monotoneErrors(values, weights, { from: 0, to: end, sense: back }, fallen, monotone);
  let turned = Infinity;
  for (let k = first; k <= last; k++) {
    const error = rising[k]! + falling[k + 1]!;
    if (error >= turned) continue;
    turned = error;
    out.split = k;
  }
  let jumped = Infinity;
  for (let k = 0; k < end; k++) jumped = Math.min(jumped, rising[k]! + again[k + 1]!, fallen[k]! + falling[k + 1]!);
  out.turned = 0.5 * (Math.min(rising[end]!, falling[0]!) - turned);
  out.jumped = 0.5 * (jumped - turned);
  return out;
}

/** What is known of the noise of a series. */
export interface SeriesNoise {
  /** Variance over 1 / weight. */
  readonly dispersion: number;
  /** Degrees of freedom behind it. */
  readonly freedom: number;
}

/** A drop is rarer than an evolution that goes on: it must explain so many times better to speak against a turn. */
const JUMP_FACTOR = 3;

/** Evidence as one number, in nats: of a turn against the better of the two other explanations; 0 at the least. */
export function turningStatistic({ turned, jumped }: TurningEvidence, noise: SeriesNoise): number {
  return Math.max(0, Math.min(studentRatio(turned, noise), JUMP_FACTOR * studentRatio(jumped, noise)));
}

/** Log-likelihood ratio when the variance was itself estimated: Student's. */
function studentRatio(ratio: number, { dispersion, freedom }: SeriesNoise): number {
  const scaled = dispersion > 0 ? ratio / dispersion : 0;
  return scaled <= 0 || freedom === Infinity ? scaled : 0.5 * freedom * Math.log1p((2 * scaled) / freedom);
}
