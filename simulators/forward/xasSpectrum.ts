import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { disorder, edgeShape, fineStructure, NICKEL, NICKEL_OXIDE } from './xasStructure.ts';
import type { XasPhase } from './xasStructure.ts';

/** What the absorption of a nickel catalyst depends on. */
export interface XasState {
  /** Part of the nickel that is metal in the middle of the scan, and by how much it grows from its lowest to its highest energy. */
  metal: number;
  metalGrowth: number;
  /** K. */
  temperature: number;
  /** True energy over the nominal one, eV. */
  shift: number;
  /** Relative. */
  thickness: number;
}

const RANGE = 1024;
const EDGE = 8333;
const PRE_EDGE = { height: 0.6, decay: 3 };
const JUMP = { height: 1.2, decay: 2.7 };
/** Photons per second before the sample at the nominal edge, and the relative fall per eV. */
export const INCIDENT_RATE = 2e9;
const INCIDENT_FALL = 2e-4;
/** Dips of the monochromator at fixed nominal energies: eV, full width at half maximum, depth. */
const GLITCHES = [
  [8652, 2.5, 0.03],
  [8991, 1.8, 0.02],
] as const;
/** Of the chamber behind the sample, relative to that before it. */
export const TRANSMITTED_EFFICIENCY = 0.8;

/** 8200 to 9223 eV, nominal, in `channels` points of a scan. */
export function xasAxis(channels: number): UniformAxis {
  return { start: 8200, step: RANGE / channels };
}

/** Absorption at true energy `energy`, relative thickness 1. */
export function absorption(energy: number, metal: number, kelvin: number): number {
  return (
    baseAbsorption(energy) +
    jumpAbsorption(energy) *
      (metal * edgeOf(NICKEL, energy, kelvin) + (1 - metal) * edgeOf(NICKEL_OXIDE, energy, kelvin))
  );
}

/** Absorption of all else than the K shell of nickel. */
export function baseAbsorption(energy: number): number {
  return PRE_EDGE.height * (energy / EDGE) ** -PRE_EDGE.decay;
}

/** Absorption of the K shell without structure. */
export function jumpAbsorption(energy: number): number {
  return JUMP.height * (energy / EDGE) ** -JUMP.decay;
}

/** Edge of a phase, over the absorption of the K shell without structure. */
export function edgeOf(phase: XasPhase, energy: number, kelvin: number): number {
  const { step, peaks } = edgeShape(phase, energy);
  const disorders = phase.paths.map((path) => disorder(path, kelvin));
  return step * (1 + fineStructure(phase, energy, disorders)) + peaks;
}

/** Expected counts before the sample, at unit beam, in a point of `seconds`. */
export function incidentMean(seconds: number, axis: UniformAxis, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const energy = axis.start + i * axis.step;
    let mean = seconds * INCIDENT_RATE * (1 - INCIDENT_FALL * (energy - EDGE));
    for (const [centre, width, depth] of GLITCHES)
      mean *= 1 - depth * Math.exp(-4 * Math.LN2 * ((energy - centre) / width) ** 2);
    out[i] = mean;
  }
}

/** Expected absorption, every term evaluated at every energy: the reference for the fast model, too slow for a stream. */
export function xasMean(state: XasState, axis: UniformAxis, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const metal = state.metal + state.metalGrowth * ((i + 0.5) / out.length - 0.5);
    out[i] = state.thickness * absorption(axis.start + i * axis.step + state.shift, metal, state.temperature);
  }
}
