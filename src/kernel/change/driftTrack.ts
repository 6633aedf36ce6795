import { dot } from '../array/dot.ts';
import type { TemplateDirections } from './templateDirections.ts';
import type { Drift, DriftState, TemplateReference } from './templateReference.ts';

/** What one frame says of gain and drift. */
export interface DriftFit {
  /** [K] coefficients of the directions of drift; the first is the gain. */
  readonly coefficients: Float64Array;
  /** [K] their scores. */
  readonly scores: Float64Array;
}

export function createDriftFit(nuisances: number): DriftFit {
  return { coefficients: new Float64Array(nuisances), scores: new Float64Array(nuisances) };
}

/** Fits a spectrum by the directions of drift. */
export function fitDrift(
  fit: DriftFit,
  { weighted, inverse, nuisances: K }: TemplateDirections,
  values: Float64Array,
): void {
  const { coefficients, scores } = fit;
  for (let k = 0; k < K; k++) scores[k] = dot(values, weighted[k]!);
  for (let k = 0; k < K; k++) {
    let sum = 0;
    for (let l = 0; l < K; l++) sum += inverse[k * K + l]! * scores[l]!;
    coefficients[k] = sum;
  }
}

/** Standard error of a drift of one frame, in its unit; Infinity where the spectrum cannot say. */
export function driftError({ inverse, nuisances: K }: TemplateDirections, k: number, gain: number): number {
  const variance = inverse[k * K + k]!;
  return variance > 0 && gain > 0 ? Math.sqrt(variance / gain) : Infinity;
}

/** Share of a new frame in the tracked drift, at most. */
const GAIN = 0.06;

/** Share of a new frame: less where one frame says so little that its noise would show in the expectation. */
export function trackingGain(error: number, tolerated: number): number {
  return error === Infinity ? 0 : Math.min(GAIN, (2 * tolerated * tolerated) / (error * error));
}

/** Noise that tracking may leave on each drift, in its unit. */
export function toleratedDrift(name: Drift, { pitch, lineVariance }: TemplateReference): number {
  if (name === 'shift') return 0.04 * Math.min(pitch, Math.sqrt(lineVariance));
  return name === 'broadening' ? 0.01 * lineVariance : 0.02;
}

/**
 * How far a drift may leave the one that directions are laid for: less than where the second order would begin to
 * count, more than its noise.
 *
 * @param noise - standard error of the tracked drift.
 */
export function driftReach(name: Drift, { pitch, lineVariance }: TemplateReference, noise: number): number {
  const most =
    name === 'shift'
      ? 0.1 * Math.min(pitch, Math.sqrt(lineVariance))
      : name === 'broadening'
        ? 0.08 * lineVariance
        : 0.08;
  return Math.min(most, Math.max(0.2 * most, 5 * noise));
}

/** Moves the tracked drift towards what the frame says. */
export function followDrift(
  drift: DriftState,
  used: Readonly<DriftState>,
  fit: DriftFit,
  names: readonly Drift[],
  gains: Float64Array,
): void {
  const { coefficients } = fit;
  if (!(coefficients[0]! > 0)) return;
  names.forEach((name, k) => {
    const seen = used[name] + coefficients[k + 1]! / coefficients[0]!;
    drift[name] += gains[k]! * (seen - drift[name]);
  });
}

/** Standard error of a drift that is tracked by exponential smoothing. */
export function trackedError(error: number, gain: number): number {
  return gain > 0 ? error * Math.sqrt(gain / (2 - gain)) : Infinity;
}
