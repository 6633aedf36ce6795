import { addPseudoVoigt } from '../../src/kernel/peaks/addPseudoVoigt.ts';
import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { gaussian } from '../../src/kernel/peaks/lineshapes.ts';
import { ALUMINIUM } from '../../src/kernel/tables/aluminiumReflections.ts';
import { IRON_PHOSPHATE, LITHIUM_IRON_PHOSPHATE } from '../../src/kernel/tables/ironPhosphateReflections.ts';
import { DELITHIATED_CELL, LITHIUM_NICKEL_OXIDE } from '../../src/kernel/tables/nickelOxideReflections.ts';
import { powderPeaks } from './powderPeaks.ts';
import type { Cell, DiffractionSetting, Powder } from './powderPeaks.ts';

/** What the diffraction pattern of a battery electrode depends on. */
export interface CyclingState {
  /** 0: LiFePO4, two phases. 1: LiNiO2, solid solution. */
  nickelOxide: number;
  /** Fraction of the lithium removed from the active part. */
  removed: number;
  /** Fraction of the electrode that does not take part, and the fraction of lithium removed from it. */
  inactive: number;
  inactiveRemoved: number;
  /** Microstrain of the electrode; the foil has none. */
  strain: number;
  /** Zero error, degrees 2theta. */
  zero: number;
  /** Sample towards the detector, mm. */
  closer: number;
  /** Halo of the electrolyte, relative to usual. */
  halo: number;
}

export const CYCLING_SETTING: DiffractionSetting = {
  wavelength: 0.1839,
  distanceMm: 1000,
  scherrer: 0.9,
  gaussianVariance: 3.5e-4,
};
/** Crystallite sizes and thermal parameters representative. */
export const POWDERS = {
  lithiated: { phase: LITHIUM_IRON_PHOSPHATE, thermal: 0.6, sizeNm: 120 },
  delithiated: { phase: IRON_PHOSPHATE, thermal: 0.6, sizeNm: 100 },
  nickelOxide: { phase: LITHIUM_NICKEL_OXIDE, thermal: 0.6, sizeNm: 200 },
  foil: { phase: ALUMINIUM, thermal: 0.8, sizeNm: 300 },
} as const satisfies Record<string, Powder>;
/** Counts per second of a mole of electrode and of the mole of aluminium in its foil, per |F|^2 over the cell volume. */
export const ELECTRODE_SCALE = 0.15;
export const FOIL_SCALE = 0.03;
const HALO_RATE = 3e4;
const HALO = [
  [2.3, 1.4, 1],
  [5, 2.2, 0.5],
] as const;
const BACKGROUND = [40, 60] as const;
const START = 1.5;
export const DEFAULT_STEP = 0.0055;

/** 1.5 to 7.127 degrees 2theta in `channels` channels. */
export function cyclingAxis(channels: number): UniformAxis {
  return { start: START, step: (DEFAULT_STEP * 1024) / channels };
}

/** Cell of Li(1-x)NiO2 with x = `removed`, 0 to 1. */
export function delithiatedCell(removed: number): Cell {
  const last = DELITHIATED_CELL.length - 1;
  let i = 1;
  while (i < last && DELITHIATED_CELL[i][0] < removed) i++;
  const [x0, a0, c0] = DELITHIATED_CELL[i - 1];
  const [x1, a1, c1] = DELITHIATED_CELL[i];
  const part = (removed - x0) / (x1 - x0);
  const a = a0 + part * (a1 - a0);
  return { a, b: a, c: c0 + part * (c1 - c0) };
}

/** Moles of FePO4 in a mole of LiFePO4 electrode. */
export function ironPhosphateMoles({ removed, inactive, inactiveRemoved }: CyclingState): number {
  return (1 - inactive) * removed + inactive * inactiveRemoved;
}

/** Counts per second and channel of the empty cell and its electrolyte. */
export function cellBackground(axis: UniformAxis, channels: number): { fixed: Float64Array; halo: Float64Array } {
  const fixed = new Float64Array(channels);
  const halo = new Float64Array(channels);
  for (let i = 0; i < channels; i++) {
    const x = axis.start + i * axis.step;
    fixed[i] = ((BACKGROUND[0] + BACKGROUND[1] * (START / x) ** 2) * axis.step) / DEFAULT_STEP;
    for (const [centre, width, weight] of HALO) halo[i] += HALO_RATE * weight * gaussian(x, centre, width) * axis.step;
  }
  return { fixed, halo };
}

/**
 * Expected counts, every peak drawn where it is: the reference for the fast model.
 * @param seconds live time at full beam
 */
export function cyclingPatternMean(state: CyclingState, seconds: number, axis: UniformAxis, out: Float64Array): void {
  const { strain, zero, closer, inactive, removed, inactiveRemoved } = state;
  const { fixed, halo } = cellBackground(axis, out.length);
  for (let i = 0; i < out.length; i++) out[i] = seconds * (fixed[i] + state.halo * halo[i]);
  const draw = (powder: Powder, cell: Cell, scale: number, microstrain = strain): void =>
    powderPeaks(powder, cell, microstrain, closer, CYCLING_SETTING, (area, centre, width, eta) =>
      addPseudoVoigt(axis, seconds * scale * area * axis.step, centre + zero, width, eta, out),
    );
  draw(POWDERS.foil, ALUMINIUM, FOIL_SCALE, 0);
  if (state.nickelOxide === 1) {
    draw(POWDERS.nickelOxide, delithiatedCell(removed), ELECTRODE_SCALE * (1 - inactive));
    draw(POWDERS.nickelOxide, delithiatedCell(inactiveRemoved), ELECTRODE_SCALE * inactive);
    return;
  }
  const moles = ironPhosphateMoles(state);
  draw(POWDERS.lithiated, LITHIUM_IRON_PHOSPHATE, ELECTRODE_SCALE * (1 - moles));
  draw(POWDERS.delithiated, IRON_PHOSPHATE, ELECTRODE_SCALE * moles);
}
