import { solveAmplitudes, sumColumns, weighByModel } from './fitSums.ts';
import { fillModelColumns } from './modelColumns.ts';
import { invertNormal } from './normalInverse.ts';
import type { PeakFit } from './peakFit.ts';

/** Rounds of reweighting that find the amplitudes of counts from nothing. */
const COLD_ROUNDS = 4;

/** Columns, amplitudes and spectrum at these parameters, with the weights as they are. */
export function evaluate(
  fit: PeakFit,
  values: Float64Array,
  at: { readonly parameters: Float64Array; readonly amplitudes: Float64Array },
  axisShift: number,
): void {
  fillModelColumns(fit.columns, at.parameters, axisShift);
  solveAmplitudes(fit, values, at.amplitudes);
}

/** The first evaluation of counts: weights from the counts or from the last fit, then from the model. */
export function evaluateFirst(fit: PeakFit, values: Float64Array, axisShift: number, warm: boolean): void {
  const { columns, parameters, amplitudes, used, weights, expected } = fit;
  fillModelColumns(columns, parameters, axisShift);
  if (warm) {
    sumColumns(columns.basis, amplitudes, expected);
    weighByModel(fit);
    solveAmplitudes(fit, values, amplitudes);
    return;
  }
  for (let i = 0; i < weights.length; i++) weights[i] = used[i] === 0 ? 0 : 1 / Math.max(values[i]!, 1);
  for (let round = 0; round < COLD_ROUNDS; round++) {
    if (round > 0) weighByModel(fit);
    solveAmplitudes(fit, values, amplitudes);
  }
}

/** Standard deviations that something must be pushed against its bound to count as held by it: less is rounding. */
const LEAST_PUSH = 1e-6;

/** Holds what stands at a bound and is pushed against it. */
export function findFree({ amplitudeProblem, columns, parameters, amplitudes, normal }: PeakFit): void {
  const { use, gradient, matrix } = normal;
  const { size: K, low, high } = amplitudeProblem;
  const p = use.length;
  for (let a = 0; a < p; a++) {
    const bounds = a < K ? null : columns.model.parameters[columns.free[a - K]!]!;
    const value = bounds === null ? amplitudes[a]! : parameters[columns.free[a - K]!]!;
    const push = gradient[a]! / Math.sqrt(matrix[a * p + a]!);
    const isHeld =
      (value <= (bounds?.low ?? low[a]!) && push < -LEAST_PUSH) ||
      (value >= (bounds?.high ?? high[a]!) && push > LEAST_PUSH);
    use[a] = isHeld ? 0 : 1;
  }
}

/**
 * The next step, with the curvatures of the parameters (not of the amplitudes, which are linear) raised by `damping`.
 * @returns by how much the misfit would fall if all were linear.
 */
export function findStep({ amplitudeProblem, normal }: PeakFit, damping: number): number {
  const { matrix, damped, inverse, gradient, step, use, undetermined, scale } = normal;
  const p = use.length;
  damped.set(matrix);
  for (let j = amplitudeProblem.size; j < p; j++) damped[j * p + j]! *= 1 + damping;
  invertNormal(damped, use, inverse, undetermined, scale);
  let fall = 0;
  for (let a = 0; a < p; a++) {
    let sum = 0;
    for (let b = 0; b < p; b++) sum += inverse[a * p + b]! * gradient[b]! * use[b]!;
    step[a] = sum;
    fall += sum * gradient[a]! * use[a]!;
  }
  return fall;
}

/** Writes covariance and flags of the fit from its last undamped step. */
export function finishFit(fit: PeakFit): void {
  const { columns, amplitudeProblem, normal, covariance, atBound, undetermined } = fit;
  const K = amplitudeProblem.size;
  const p = normal.use.length;
  const all = atBound.length;
  covariance.fill(0);
  atBound.fill(0);
  undetermined.fill(0);
  for (let a = 0; a < p; a++) {
    const to = a < K ? a : K + columns.free[a - K]!;
    atBound[to] = 1 - normal.use[a]!;
    undetermined[to] = normal.undetermined[a]!;
    for (let b = 0; b < p; b++)
      covariance[to * all + (b < K ? b : K + columns.free[b - K]!)] = normal.inverse[a * p + b]!;
  }
}
