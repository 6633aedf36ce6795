import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { pseudoVoigt } from '../../src/kernel/peaks/lineshapes.ts';
import { CERIUM_3, CERIUM_4 } from '../../src/kernel/tables/ceriumLines.ts';
import type { PhotoelectronLine } from '../../src/kernel/tables/ceriumLines.ts';

/** What a photoelectron spectrum of Ce 3d depends on. */
export interface CeriumState {
  /** Fraction of the cerium that is Ce3+. */
  reduced: number;
  /** Charging, eV. */
  shift: number;
  /** Differential charging, eV: widths become sqrt(width^2 + broaden^2). */
  broaden: number;
  /** Carbon on the surface, relative: takes the lines down and the inelastic background up. */
  overlayer: number;
}

export const LINE_RATE = 6e4;
const ETA = 0.3;
/** Tougaard's universal cross-section: B eV^2 and C eV^2. */
const LOSS = { b: 2866, c: 1643 };
const BACKGROUND = { rate: 2500, slope: 12, energy: 900 };
const DEFAULT_STEP = 0.05;

/** 874 to 925.2 eV binding energy in `channels` channels. */
export function ceriumAxis(channels: number): UniformAxis {
  return { start: 874, step: (DEFAULT_STEP * 1024) / channels };
}

/** Area 1 of one valence, per eV, at `energy` eV with widths broadened by `variance` eV^2. */
export function valenceIntensity(lines: readonly PhotoelectronLine[], energy: number, variance: number): number {
  let sum = 0;
  for (const [centre, area, width] of lines)
    sum += area * pseudoVoigt(energy, centre, Math.sqrt(width * width + variance), ETA);
  return sum;
}

/** Probability per eV that a photoelectron loses `loss` eV on its way out. */
export function inelasticLoss(loss: number): number {
  return (LOSS.b * loss) / (LOSS.c + loss * loss) ** 2;
}

/** Counts per second and eV under everything. */
export function constantBackground(energy: number): number {
  return BACKGROUND.rate + BACKGROUND.slope * (energy - BACKGROUND.energy);
}

/**
 * Expected counts, the inelastic background summed over every channel of lower binding energy: the reference for the fast model.
 * @param seconds live time at full power
 */
export function ceriumMean(state: CeriumState, seconds: number, axis: UniformAxis, out: Float64Array): void {
  const { reduced, shift, broaden, overlayer } = state;
  const variance = broaden * broaden;
  const lines = Float64Array.from(out, (_, i) => {
    const energy = axis.start + i * axis.step - shift;
    const oxidised = valenceIntensity(CERIUM_4, energy, variance);
    return LINE_RATE * ((1 - reduced) * oxidised + reduced * valenceIntensity(CERIUM_3, energy, variance));
  });
  for (let i = 0; i < out.length; i++) {
    let inelastic = 0;
    for (let j = 0; j < i; j++) inelastic += axis.step * inelasticLoss((i - j) * axis.step) * lines[j];
    const steady = constantBackground(axis.start + i * axis.step);
    out[i] = seconds * axis.step * ((1 - overlayer) * lines[i] + (1 + overlayer) * inelastic + steady);
  }
}
