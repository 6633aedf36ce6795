import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { pseudoVoigt } from '../../src/kernel/peaks/lineshapes.ts';
import { edgeIntensity, FERRIC, FERROUS } from './eelsEdge.ts';
import { orderWeights, scatteringOrders } from './pluralScattering.ts';

/** What a core-loss spectrum at Fe L2,3 and its low loss depend on. */
export interface EelsState {
  /** Fraction of the iron that is Fe3+. */
  ferric: number;
  /** Thickness in mean free paths. */
  thickness: number;
  /** Iron in the beam, relative to the start. */
  iron: number;
  /** Energy shift of the whole spectrum, eV; the same for core and low loss. */
  shift: number;
  /** Exponent of the background's power law. */
  slope: number;
}

/** A forward model that remembers what does not change from frame to frame. */
export interface EelsModel {
  /** Expected counts [channels] of an exposure of `seconds` at unit beam. */
  mean(state: EelsState, seconds: number, out: Float64Array): void;
}

/** Plural scattering is convolved on these steps, eV, over so many of them, however fine the detector. */
export const CORE_STEP = 0.3;
export const CORE_SAMPLES = 512;
export const LOW_STEP = 0.1;
export const LOW_SAMPLES = 1024;
export const BACKGROUND_RATE = 2e4;
export const BACKGROUND_ENERGY = 700;
export const EDGE_RATE = 1e4;
export const REFERENCE_THICKNESS = 0.5;
export const LOW_LOSS_RATE = 5e7;
const ZERO_LOSS_WIDTH = 0.9;
const ZERO_LOSS_ETA = 0.05;

/** 600 to 906.9 eV in `channels` channels. */
export function eelsCoreAxis(channels: number): UniformAxis {
  return { start: 600, step: (0.3 * 1024) / channels };
}

/** -20 to 82.3 eV in `channels` channels. */
export function eelsLowAxis(channels: number): UniformAxis {
  return { start: -20, step: (0.1 * 1024) / channels };
}

/** The zero-loss line, area 1, at `energy` eV. */
export function zeroLossLine(energy: number): number {
  return pseudoVoigt(energy, 0, ZERO_LOSS_WIDTH, ZERO_LOSS_ETA);
}

/**
 * Expected core-loss counts, each term evaluated at its own energy: the reference for the fast model, too slow for a stream.
 * @param seconds live time at unit beam
 */
export function eelsCoreMean(state: EelsState, seconds: number, axis: UniformAxis, out: Float64Array): void {
  const plural = pluralScattering(state.thickness, CORE_STEP, CORE_SAMPLES);
  const scale = (seconds * axis.step * state.thickness) / REFERENCE_THICKNESS;
  for (let i = 0; i < out.length; i++) {
    const energy = axis.start + i * axis.step - state.shift;
    let edge = 0;
    for (let j = 0; j < CORE_SAMPLES; j++) {
      const before = energy - j * CORE_STEP;
      edge +=
        plural[j] *
        (state.ferric * edgeIntensity(FERRIC, before) + (1 - state.ferric) * edgeIntensity(FERROUS, before));
    }
    const background = BACKGROUND_RATE * (energy / BACKGROUND_ENERGY) ** -state.slope;
    out[i] = scale * (background + EDGE_RATE * state.iron * edge);
  }
}

/**
 * Expected low-loss counts: the zero-loss line, repeated at every plural energy loss. The reference for the fast model.
 * @param seconds live time of the low-loss exposure at unit beam
 */
export function eelsLowMean(state: EelsState, seconds: number, axis: UniformAxis, out: Float64Array): void {
  const plural = pluralScattering(state.thickness, LOW_STEP, LOW_SAMPLES);
  for (let i = 0; i < out.length; i++) {
    const energy = axis.start + i * axis.step - state.shift;
    let sum = 0;
    for (let j = 0; j < LOW_SAMPLES; j++) sum += plural[j] * zeroLossLine(energy - j * LOW_STEP);
    out[i] = seconds * LOW_LOSS_RATE * axis.step * sum;
  }
}

function pluralScattering(thickness: number, step: number, samples: number): Float64Array {
  const weights = orderWeights(thickness);
  const sum = new Float64Array(samples);
  scatteringOrders(step, samples).forEach((order, n) => order.forEach((value, j) => (sum[j] += weights[n] * value)));
  return sum;
}
