import { solveNormal } from './solveNormal.ts';
import { shiftSpline, splineCurvature } from './splineShift.ts';
import type { Reduction } from './windowReduction.ts';

/** Spectra that a frame is a mixture of, and room to work in. */
export interface SpectralWork {
  readonly isShiftFree: boolean;
  readonly intact: Float64Array;
  readonly damaged: Float64Array;
  readonly curves: readonly [Float64Array, Float64Array];
  readonly shifted: readonly [Float64Array, Float64Array];
  readonly slopes: readonly [Float64Array, Float64Array];
  readonly bends: readonly [Float64Array, Float64Array];
  /** [9] Fisher information on logarithm of the amplitude, damage fraction, shift; then [3] the score and [2] the variances of fraction and shift. */
  readonly normal: Float64Array;
}

/** To be called when `damaged` was changed. */
export function refreshDamaged({ damaged, curves, slopes }: SpectralWork): void {
  splineCurvature(damaged, curves[1], slopes[1]);
}

/** A frame as the reduction takes it. */
export interface SpectralData {
  readonly values: Float64Array;
  /** Absent: Poisson counts. */
  readonly variances: Float64Array | undefined;
  readonly mask: Uint8Array | undefined;
}

/** Steps of Fisher scoring: all but the last find amplitude and shift at the expected fraction, the last takes all three. */
const STEPS = 4;
/** Channels. */
const LONGEST_STEP = 1.5;
/** Standard deviation of the shift before a frame, as a share of the channels: wide, and anew for every frame. */
const SHIFT_SPREAD = 1 / 16;

/** @param intact - [n] any scale. @param damaged - [n] same scale. */
export function createSpectralWork(intact: Float64Array, damaged: Float64Array, isShiftFree: boolean): SpectralWork {
  const n = intact.length;
  const two = (): readonly [Float64Array, Float64Array] => [new Float64Array(n), new Float64Array(n)];
  return {
    isShiftFree,
    intact,
    damaged,
    curves: [splineCurvature(intact), splineCurvature(damaged)],
    shifted: two(),
    slopes: two(),
    bends: two(),
    normal: new Float64Array(14),
  };
}

/**
 * Damage fraction of one spectrum by Fisher scoring, amplitude and shift of this frame free. Weights come from the model
 * at the expected fraction, never from the data: those would favour channels that fluctuate downwards. The fraction is
 * found in one step from the expected one: followed to the maximum of the likelihood, together with the shift, it would be
 * biased by as much as the variance of the shift allows.
 *
 * @param expected - damage fraction expected before the frame.
 * @param shift - where to begin: (i + shift) is looked up in the references, channels; kept when the shift is fixed.
 * @param dispersion - variance of the counts over their mean, or factor on the given variances.
 */
export function reduceSpectrum(
  work: SpectralWork,
  { values, variances, mask }: SpectralData,
  expected: number,
  shift: number,
  dispersion: number,
  out: Reduction,
): void {
  const { intact, damaged, curves, shifted, slopes, bends, normal, isShiftFree } = work;
  const n = values.length;
  const prior = 1 / (n * SHIFT_SPREAD) ** 2;
  const base = Math.min(1, Math.max(0, expected));
  let amplitude = 0;
  Object.assign(out, { shift, fraction: 0, variance: Infinity });
  let halfVariance = 0;
  for (let step = 0; step < STEPS; step++) {
    shiftSpline(intact, curves[0], shift, shifted[0], slopes[0], bends[0]);
    shiftSpline(damaged, curves[1], shift, shifted[1], slopes[1], bends[1]);
    if (step === 0) {
      amplitude = firstAmplitude(work, { values, variances, mask }, base);
      if (!(amplitude > 0)) return;
    }
    normal.fill(0);
    for (let i = 0; i < n; i++) {
      if (mask?.[i] === 1) continue;
      const from = shifted[0][i]!;
      const to = shifted[1][i]!;
      const mixture = amplitude * (from + base * (to - from));
      const variance = variances === undefined ? amplitude * (from + base * (to - from)) : variances[i]!;
      if (!(variance > 0)) continue;
      const weight = 1 / (dispersion * variance);
      const byFraction = amplitude * (to - from);
      const byShift = amplitude * (slopes[0][i]! + base * (slopes[1][i]! - slopes[0][i]!));
      const bend = amplitude * (bends[0][i]! + base * (bends[1][i]! - bends[0][i]!));
      const residual = values[i]! - mixture + halfVariance * bend;
      normal[0]! += weight * mixture * mixture;
      normal[1]! += weight * mixture * byFraction;
      normal[2]! += weight * mixture * byShift;
      normal[4]! += weight * byFraction * byFraction;
      normal[5]! += weight * byFraction * byShift;
      normal[8]! += weight * byShift * byShift;
      normal[9]! += weight * mixture * residual;
      normal[10]! += weight * byFraction * residual;
      normal[11]! += weight * byShift * residual;
    }
    if (isShiftFree) {
      normal[8]! += prior;
      normal[11]! -= prior * shift;
    } else {
      normal[2] = normal[5] = normal[11] = 0;
      normal[8] = 1;
    }
    if (step < STEPS - 1) {
      normal[1] = normal[5] = normal[10] = 0;
      normal[4] = 1;
    }
    solveNormal(normal);
    const variance = normal[12]!;
    if (!(variance > 0) || !Number.isFinite(normal[9]! + normal[10]! + normal[11]!)) return;
    if (step === STEPS - 1) {
      out.fraction = base + normal[10]!;
      out.variance = variance;
      out.shift = shift;
      return;
    }
    amplitude *= Math.exp(Math.max(-1, Math.min(1, normal[9]!)));
    shift += Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, normal[11]!));
    // An uncertain shift blurs the residual by half its variance: taken off before it is read as damage.
    if (isShiftFree && step === STEPS - 2) halfVariance = 0.5 * Math.min(normal[13]!, 1);
  }
}

/** Least squares for measured values, the ratio of the sums for counts. */
function firstAmplitude({ shifted }: SpectralWork, { values, variances, mask }: SpectralData, base: number): number {
  let data = 0;
  let model = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask?.[i] === 1) continue;
    const expected = shifted[0][i]! + base * (shifted[1][i]! - shifted[0][i]!);
    if (variances !== undefined && !(variances[i]! > 0)) continue;
    const weight = variances === undefined ? 1 : expected / variances[i]!;
    data += weight * values[i]!;
    model += weight * expected;
  }
  return data / model;
}
