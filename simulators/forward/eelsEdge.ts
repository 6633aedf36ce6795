import { pseudoVoigt } from '../../src/kernel/peaks/lineshapes.ts';

/** Shape of the Fe L2,3 edge of one valence in single scattering. */
export interface EdgeShape {
  /** Ionisation steps: energy eV, height, width eV. The heights add up to 1. */
  readonly steps: readonly (readonly [energy: number, height: number, width: number])[];
  /** White lines: energy eV, area eV relative to the whole step, full width at half maximum eV. */
  readonly whiteLines: readonly (readonly [energy: number, area: number, width: number])[];
}

/** Fe3+: L3 maximum 709.5 eV with a leading peak at 708.0 eV (van Aken, Liebscher and Styrsa 1998); areas representative. */
export const FERRIC: EdgeShape = {
  steps: [
    [709, 2 / 3, 2],
    [722.1, 1 / 3, 2.6],
  ],
  whiteLines: [
    [708, 2.6, 1.6],
    [709.5, 10.4, 1.7],
    [721.3, 0.9, 2.2],
    [722.9, 1.7, 2.4],
  ],
};

/** Fe2+: L3 maximum 707.8 eV with a second peak at 710.5 eV (van Aken, Liebscher and Styrsa 1998); areas representative. */
export const FERROUS: EdgeShape = {
  steps: [
    [707.3, 2 / 3, 2],
    [720.2, 1 / 3, 2.6],
  ],
  whiteLines: [
    [707.8, 9.2, 1.7],
    [710.5, 1.9, 2.2],
    [720.7, 1.9, 2.3],
    [722.5, 0.9, 2.6],
  ],
};

const STEP_DECAY = 3;
const LOWEST_ENERGY = 300;
const WHITE_LINE_ETA = 0.5;

/** Single-scattering intensity at `energy` eV, relative to the height of the whole step. */
export function edgeIntensity(shape: EdgeShape, energy: number): number {
  let sum = 0;
  for (const [onset, height, width] of shape.steps)
    sum +=
      height *
      (0.5 + Math.atan((energy - onset) / (width / 2)) / Math.PI) *
      (Math.max(energy, LOWEST_ENERGY) / onset) ** -STEP_DECAY;
  for (const [centre, area, width] of shape.whiteLines)
    sum += area * pseudoVoigt(energy, centre, width, WHITE_LINE_ETA);
  return sum;
}
