import { dot } from '../array/dot.ts';
import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';
import { COUNT, type EdgeStepWork } from './edgeStepWork.ts';

/** What {@link normaliseByEdge} needs to know. */
export interface EdgeNormalisation {
  /** Behind the edge, take the slope and bend of the post-edge polynomial away, so that the spectrum ends at 1. */
  readonly flatten: boolean;
  /** [n] variances of independent channels, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [n] receives the variances of the result; needs `variances`. */
  readonly outVariances?: Float64Array | undefined;
}

/** The step of an absorption edge. */
export interface EdgeStep {
  /** In the unit of the values; what is not above 0 is no edge, and nothing is divided. */
  step: number;
  /** One standard deviation of it; NaN without variances. */
  standardError: number;
}

/**
 * Normalises an absorption spectrum by its edge: less the line before it, over the step that line and post-edge polynomial make at the edge.
 * Error propagation is linear, with what each channel shares with the numbers that were fitted to it.
 *
 * @param values - [n].
 * @param work - of {@link placeEdge}.
 * @param options - see {@link EdgeNormalisation}.
 * @param out - [n], not `values`; unchanged when there is no step.
 * @param found - receives the step.
 * @returns `found`.
 * @throws RangeError LengthMismatch, NonFiniteInput.
 * @see Lee, Citrin, Eisenberger and Kincaid, Rev. Mod. Phys. 53 (1981) 769; Newville, J. Phys. Conf. Ser. 430 (2013) 012007 (the windows).
 */
export function normaliseByEdge(
  values: Float64Array,
  work: EdgeStepWork,
  { flatten, variances, outVariances }: EdgeNormalisation,
  out: Float64Array,
  found: EdgeStep,
): EdgeStep {
  const { rows, t, numbers, edge } = work;
  const n = t.length;
  if (values.length !== n || out.length !== n)
    throw refusal('LengthMismatch', `${values.length} channels into ${out.length}, expected ${n}`);
  checkFinite(values, 'values');
  for (let a = 0; a < COUNT; a++) numbers[a] = dot(rows[a]!, values);
  const [level, slope, step, tilt, bend] = numbers as unknown as readonly [number, number, number, number, number];
  found.step = step;
  found.standardError = NaN;
  if (variances !== undefined) {
    covarianceOf(work, variances);
    found.standardError = Math.sqrt(work.covariance[2 * COUNT + 2]!);
  }
  if (!(step > 0)) return found;
  for (let i = 0; i < n; i++) {
    const x = t[i]!;
    const more = flatten && i >= edge ? (tilt + bend * x) * x : 0;
    out[i] = (values[i]! - level - slope * x - more) / step;
  }
  if (variances !== undefined && outVariances !== undefined) spread(out, work, flatten, variances, outVariances);
  return found;
}

/** C = sum over channels of v r r', r the column of a channel in the rows. */
function covarianceOf({ rows, covariance }: EdgeStepWork, variances: Float64Array): void {
  for (let a = 0; a < COUNT; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < variances.length; i++) sum += variances[i]! * rows[a]![i]! * rows[b]![i]!;
      covariance[a * COUNT + b] = covariance[b * COUNT + a] = sum;
    }
}

/** With f the result and u = (1, t, f, t, t^2) the change of step f per number: var f = (v (1 - 2 u r) + u C u) / step^2. */
function spread(
  normalised: Float64Array,
  { rows, t, numbers, covariance, gradient: u, edge }: EdgeStepWork,
  flatten: boolean,
  variances: Float64Array,
  out: Float64Array,
): void {
  const perStep = 1 / (numbers[2]! * numbers[2]!);
  for (let i = 0; i < out.length; i++) {
    const isFlattened = flatten && i >= edge;
    u[0] = 1;
    u[1] = t[i]!;
    u[2] = normalised[i]!;
    u[3] = isFlattened ? t[i]! : 0;
    u[4] = isFlattened ? t[i]! * t[i]! : 0;
    let [shared, common] = [0, 0];
    for (let a = 0; a < COUNT; a++) {
      shared += u[a]! * rows[a]![i]!;
      for (let b = 0; b < COUNT; b++) common += u[a]! * covariance[a * COUNT + b]! * u[b]!;
    }
    out[i] = Math.max(0, variances[i]! * (1 - 2 * shared) + common) * perStep;
  }
}
