import { nextNormal } from '../../src/kernel/random/normal.ts';
import { nextUniform, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import type { Conditions } from './streamMean.ts';

/** Ways in which the instrument wanders while the sample stays as it is. */
export const DRIFTS = ['none', 'intensity', 'intensity_ramp', 'shift', 'shift_walk', 'slope', 'refill', 'all'] as const;
export type DriftKind = (typeof DRIFTS)[number];

/** Channels per frame of a wandering axis, one standard deviation. */
const WALK = 0.02;
/** Amplitude of the slow swing of the intensity. */
const SWING = 0.2;
/** Largest step of the intensity at a refill. */
const REFILL = 0.06;

/** A number in [low, high). */
export const between = (state: RandomState, low: number, high: number): number =>
  low + (high - low) * nextUniform(state);

/** +1 or -1. */
export const eitherSign = (state: RandomState): 1 | -1 => (nextUniform(state) < 0.5 ? 1 : -1);

/**
 * The nuisances frame by frame, active from the first frame on.
 * `intensity`: +-20 % sine of 900 to 1700 frames; `intensity_ramp`: 0.8 to 1.2 or back over the stream;
 * `shift`: 0.15 to 0.3 channel per 100 frames; `shift_walk`: 0.02 channel per frame at random; `slope`: of the
 * background, to +-0.5 of it over the stream; `refill`: steps of up to 6 % every 50 to 350 frames;
 * `all`: intensity, shift and slope together.
 */
export function makeDrift(kind: DriftKind, frames: number, state: RandomState): Conditions[] {
  const intensity = intensityOf(kind, frames, state);
  const shift = shiftOf(kind, frames, state);
  const slope = kind === 'slope' || kind === 'all' ? 0.5 * eitherSign(state) : 0;
  return Array.from({ length: frames }, (_, t) => ({
    intensity: intensity(t),
    shift: shift(t),
    slope: (slope * t) / frames,
  }));
}

function intensityOf(kind: DriftKind, frames: number, state: RandomState): (t: number) => number {
  if (kind === 'intensity' || kind === 'all') {
    const period = between(state, 900, 1700);
    const phase = between(state, 0, 2 * Math.PI);
    return (t) => 1 + SWING * Math.sin((2 * Math.PI * t) / period + phase);
  }
  if (kind === 'intensity_ramp') {
    const sign = eitherSign(state);
    return (t) => 1 + sign * SWING * ((2 * t) / frames - 1);
  }
  if (kind !== 'refill') return () => 1;
  const levels = new Float64Array(frames);
  for (let t = 0; t < frames;) {
    const end = Math.min(frames, t + Math.round(between(state, 50, 350)));
    levels.fill(1 + between(state, -REFILL, REFILL), t, end);
    t = end;
  }
  return (t) => levels[t]!;
}

function shiftOf(kind: DriftKind, frames: number, state: RandomState): (t: number) => number {
  if (kind === 'shift' || kind === 'all') {
    const perFrame = (eitherSign(state) * between(state, 0.15, 0.3)) / 100;
    return (t) => perFrame * t;
  }
  if (kind !== 'shift_walk') return () => 0;
  const places = new Float64Array(frames);
  for (let t = 1; t < frames; t++) places[t] = places[t - 1]! + WALK * nextNormal(state);
  return (t) => places[t]!;
}
