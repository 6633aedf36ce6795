import { addGaussian } from '../../src/kernel/peaks/addGaussian.ts';
import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { combineWidths, gaussian } from '../../src/kernel/peaks/lineshapes.ts';
import { createLorentzianSum } from '../../src/kernel/peaks/lorentzianSum.ts';
import type { LorentzianSum } from '../../src/kernel/peaks/lorentzianSum.ts';
import { ANATASE, RUTILE } from '../../src/kernel/tables/titaniaReflections.ts';
import type { TetragonalPhase } from '../../src/kernel/tables/titaniaReflections.ts';
import { createCoarseGrid, spread } from './coarseGrid.ts';

/** What the diffraction pattern of a heated TiO2 sample depends on. */
export interface XrdState {
  /** K. */
  temperature: number;
  /** Volume fractions. */
  amorphous: number;
  anatase: number;
  rutile: number;
  /** Crystallite sizes, nm. */
  anataseSize: number;
  rutileSize: number;
  /** Microstrain. */
  strain: number;
  /** March-Dollase parameter of the [001] texture of the anatase; 1 = none. Rutile grows without texture. */
  texture: number;
  /** Zero error, degrees 2theta. */
  zero: number;
  /** Sample below the axis, mm. */
  height: number;
}

/** Wavelength in angstrom and weight: Cu K-alpha1 and K-alpha2. */
const LINES = [
  [1.5405929, 2 / 3],
  [1.5444274, 1 / 3],
] as const;
const DEGREE = Math.PI / 180;
const REFERENCE_KELVIN = 298.15;
const GONIOMETER_RADIUS_MM = 217.5;
const SCHERRER = 0.9;
const CAGLIOTI = { u: 0.004, v: -0.002, w: 0.006 };
const SCALE = 10;
/** Thermal parameter B at 298.15 K, angstrom squared. */
const THERMAL = { anatase: 0.5, rutile: 0.45 };
const HALO_RATE = 810;
const HALO = [
  [27.5, 8, 1],
  [49, 12, 0.45],
] as const;
const BACKGROUND = [4, -1, 6] as const;
const DEFAULT_STEP = 0.04;
/** Peaks this far outside the window reach it with a smooth tail only, degrees. */
const FAR = 4;
/** 25 times finer than the nearest far peak is away: interpolation errs by 1e-5 of the tail. */
const TAIL_SPACING = 0.16;

/** 20 to 60.92 degrees 2theta in `channels` channels. */
export function xrdAxis(channels: number): UniformAxis {
  return { start: 20, step: (DEFAULT_STEP * 1024) / channels };
}

/** A forward model that remembers the pattern of each phase until one of its non-linear inputs changes. */
export interface XrdPattern {
  /** Expected counts [channels] for `seconds` of full beam at unit flux, multiplied by `seconds`. */
  mean(state: XrdState, seconds: number, out: Float64Array): void;
}

/** Bragg-Brentano pattern of amorphous TiO2, anatase and rutile under Cu K-alpha. */
export function createXrdPattern(channels: number): XrdPattern {
  const axis = xrdAxis(channels);
  const fixed = new Float64Array(channels);
  const halo = new Float64Array(channels);
  for (let i = 0; i < channels; i++) {
    const x = axis.start + i * axis.step;
    const perChannel = BACKGROUND[0] + (BACKGROUND[1] * (x - 40)) / 20 + BACKGROUND[2] * (20 / x) ** 2;
    fixed[i] = (Math.max(0, perChannel) * axis.step) / DEFAULT_STEP;
    for (const [centre, width, weight] of HALO) halo[i] += HALO_RATE * weight * gaussian(x, centre, width) * axis.step;
  }
  const anatase = createPhase(ANATASE, THERMAL.anatase, axis, channels);
  const rutile = createPhase(RUTILE, THERMAL.rutile, axis, channels);
  return {
    mean(state, seconds, out) {
      const a = state.anatase === 0 ? halo : anatase.at(state, state.anataseSize, state.texture);
      const r = state.rutile === 0 ? halo : rutile.at(state, state.rutileSize, 1);
      const { amorphous, anatase: va, rutile: vr } = state;
      for (let i = 0; i < channels; i++) out[i] = seconds * (fixed[i] + amorphous * halo[i] + va * a[i] + vr * r[i]);
    },
  };
}

interface Phase {
  at(state: XrdState, size: number, texture: number): Float64Array;
}

function createPhase(phase: TetragonalPhase, thermal: number, axis: UniformAxis, channels: number): Phase {
  const pattern = new Float64Array(channels);
  const tails = createCoarseGrid(axis, channels, TAIL_SPACING);
  const near = createLorentzianSum(axis, pattern);
  const far = createLorentzianSum(tails.axis, tails.values);
  const key = new Float64Array(6).fill(NaN);
  return {
    at(state, size, texture) {
      const { temperature, zero, height, strain } = state;
      const isSame =
        key[0] === temperature &&
        key[1] === texture &&
        key[2] === zero &&
        key[3] === height &&
        key[4] === strain &&
        key[5] === size;
      if (isSame) return pattern;
      key[0] = temperature;
      key[1] = texture;
      key[2] = zero;
      key[3] = height;
      key[4] = strain;
      key[5] = size;
      pattern.fill(0);
      tails.values.fill(0);
      drawPhase(phase, thermal, state, size, texture, axis, pattern, near, far);
      near.finish();
      far.finish();
      spread(tails, pattern);
      return pattern;
    },
  };
}

/** Adds counts per second and channel of one phase filling the sample: of peaks within reach, and of the tails of others. */
function drawPhase(
  phase: TetragonalPhase,
  thermal: number,
  state: XrdState,
  size: number,
  texture: number,
  axis: UniformAxis,
  out: Float64Array,
  near: LorentzianSum,
  far: LorentzianSum,
): void {
  const warming = state.temperature - REFERENCE_KELVIN;
  const a = phase.a * (1 + phase.expansionA * warming);
  const c = phase.c * (1 + phase.expansionC * warming);
  const volume = a * a * c;
  const b = (thermal * state.temperature) / REFERENCE_KELVIN;
  const r = texture;
  const end = axis.start + axis.step * (out.length - 1);
  const shape = { width: 0, eta: 0 };
  for (const [h, k, l, multiplicity, structureFactor] of phase.reflections) {
    const inverseSquare = (h * h + k * k) / (a * a) + (l * l) / (c * c);
    const cosSquared = (l * l) / (c * c * inverseSquare);
    const preferred = (r * r * cosSquared + (1 - cosSquared) / r) ** -1.5;
    const strength =
      (SCALE * multiplicity * structureFactor * preferred * Math.exp((-2 * b * inverseSquare) / 4)) / (volume * volume);
    for (const [wavelength, weight] of LINES) {
      const sine = (wavelength / 2) * Math.sqrt(inverseSquare);
      if (sine >= 1) continue;
      const cosine = Math.sqrt(1 - sine * sine);
      const tangent = sine / cosine;
      const cosTwo = 1 - 2 * sine * sine;
      const gaussianWidth = Math.sqrt(CAGLIOTI.u * tangent * tangent + CAGLIOTI.v * tangent + CAGLIOTI.w);
      const lorentzianWidth = ((SCHERRER * wavelength) / (10 * size * cosine) + 4 * state.strain * tangent) / DEGREE;
      combineWidths(gaussianWidth, lorentzianWidth, shape);
      const centre = (2 * Math.asin(sine) - ((2 * state.height) / GONIOMETER_RADIUS_MM) * cosine) / DEGREE + state.zero;
      const area = (strength * weight * (1 + cosTwo * cosTwo) * axis.step) / (sine * sine * cosine);
      // The Gaussian of a far peak is zero.
      if (centre > end + FAR || centre < axis.start - FAR) {
        far.add(area * shape.eta, centre, shape.width);
        continue;
      }
      near.add(area * shape.eta, centre, shape.width);
      addGaussian(axis, area * (1 - shape.eta), centre, shape.width, out);
    }
  }
}
