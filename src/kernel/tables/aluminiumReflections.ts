import type { CrystalPhase } from './crystalPhase.ts';

/** Aluminium, Fm-3m. Cell: handbook value at 298 K. |F|^2: computed from the atom positions with form factors fitted to those of xraylib 4.0.0. */
export const ALUMINIUM: CrystalPhase = {
  a: 4.0495,
  b: 4.0495,
  c: 4.0495,
  isHexagonal: false,
  reflections: Float64Array.from([
    1, 1, 1, 8, 1280.626, 2, 0, 0, 6, 1155.546, 2, 2, 0, 12, 857.2711, 3, 1, 1, 24, 709.0778, 2, 2, 2, 8, 667.3197, 4,
    0, 0, 6, 528.826, 3, 3, 1, 24, 448.6619, 4, 2, 0, 24, 425.5313,
  ]),
};
