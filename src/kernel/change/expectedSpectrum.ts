import { readWarped, slopeAlong } from './axisShift.ts';
import { createNuisanceFit, type NuisanceFit } from './nuisanceFit.ts';

/** Changes beside the gain that mean nothing: they are fitted, and the test does not see them. */
export const NUISANCES = ['shift', 'stretch', 'slope', 'broadening', 'offset'] as const;
export type Nuisance = (typeof NUISANCES)[number];

/** The reference, warped to the frame, with its directions. */
export interface ExpectedSpectrum {
  readonly ignore: readonly Nuisance[];
  /** [n] coordinates. */
  readonly x: Float64Array;
  readonly centre: number;
  /** Mean channel distance, axis units. */
  readonly pitch: number;
  readonly fit: NuisanceFit;
  /** [n] mean reference spectrum on the true axis, and its slopes. */
  readonly mean: Float64Array;
  readonly slopes: Float64Array;
}

/** Where the axis is believed to be. */
export type AxisTrack = {
  /** The warp the directions are made for. */
  usedShift: number;
  usedStretch: number;
  /** How far the axis may leave that warp before directions are laid anew, axis units. */
  reach: number;
  /** Tracked drift beyond what the frames themselves say. */
  shift: number;
  stretch: number;
};

export function createExpectedSpectrum(
  x: Float64Array,
  ignore: readonly Nuisance[],
  counts: boolean,
): ExpectedSpectrum {
  const n = x.length;
  return {
    ignore: NUISANCES.filter((name) => ignore.includes(name)),
    x,
    centre: n === 0 ? 0 : 0.5 * (x[0]! + x[n - 1]!),
    pitch: n < 2 ? 1 : (x[n - 1]! - x[0]!) / (n - 1),
    fit: createNuisanceFit(1 + new Set(ignore).size, n, counts),
    mean: new Float64Array(n),
    slopes: new Float64Array(n),
  };
}

/**
 * Makes the directions for a warp: the expected spectrum of `frames` frames, d/dx (shift), (x - c) d/dx (stretch),
 * a slope of the sensitivity, d2/dx2 (broadening), a constant (offset).
 *
 * @param frames - frames on the "now" side.
 * @param track - `usedShift` and `usedStretch` say the warp.
 */
export function layDirections(expected: ExpectedSpectrum, frames: number, track: AxisTrack): void {
  const { fit, x, centre, mean, slopes, ignore } = expected;
  const { directions } = fit;
  const n = x.length;
  const base = directions[0]!;
  readWarped(mean, slopes, x, { shift: track.usedShift, stretch: track.usedStretch, centre }, base);
  for (let i = 0; i < n; i++) base[i]! *= frames;
  const slope = expected.fit.weighted[0]!;
  if (ignore.some((name) => name !== 'slope' && name !== 'offset')) slopeAlong(base, x, slope);
  const span = Math.max(n < 2 ? 1 : x[n - 1]! - x[0]!, 1e-300);
  for (let k = 0; k < ignore.length; k++) {
    const out = directions[k + 1]!;
    const name = ignore[k]!;
    if (name === 'shift') out.set(slope);
    else if (name === 'broadening') slopeAlong(slope, x, out);
    else if (name === 'offset') out.fill(frames);
    else {
      const of = name === 'stretch' ? slope : base;
      const scale = name === 'stretch' ? 1 : 1 / span;
      for (let i = 0; i < n; i++) out[i] = of[i]! * (x[i]! - centre) * scale;
    }
  }
}

/** Coefficient of a nuisance relative to the gain: shift in axis units, stretch and slope relative; 0 when not fitted. */
export function fitted(expected: ExpectedSpectrum, name: Nuisance): number {
  const k = expected.ignore.indexOf(name) + 1;
  const gain = expected.fit.coefficients[0]!;
  return k === 0 || gain === 0 ? 0 : expected.fit.coefficients[k]! / gain;
}
