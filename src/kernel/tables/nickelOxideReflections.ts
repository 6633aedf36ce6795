import type { CrystalPhase } from './crystalPhase.ts';

/** LiNiO2, R-3m on hexagonal axes; Li/Ni exchange ignored. |F|^2: computed from the atom positions with form factors fitted to those of xraylib 4.0.0. */
export const LITHIUM_NICKEL_OXIDE: CrystalPhase = {
  a: 2.878,
  b: 2.878,
  c: 14.19,
  isHexagonal: true,
  reflections: Float64Array.from([
    0, 0, 3, 2, 5943.249, 1, 0, 1, 6, 3484.922, 0, 0, 6, 2, 1555.13, 0, 1, 2, 6, 1439.97, 1, 0, 4, 6, 9060.655, 0, 1, 5,
    6, 2251.118, 0, 0, 9, 2, 1537.923, 1, 0, 7, 6, 3400.686, 0, 1, 8, 6, 5628.216, 1, 1, 0, 6, 5879.187, 1, 1, 3, 12,
    2407.269, 0, 2, 1, 6, 1734.19, 1, 0, 10, 6, 1200.316, 1, 1, 6, 12, 1090.299, 2, 0, 2, 6, 1036.375, 0, 0, 12, 2,
    3828.256, 0, 2, 4, 6, 4162.635, 0, 1, 11, 6, 2406.83, 2, 0, 5, 6, 1267.613, 1, 1, 9, 12, 940.9036, 0, 2, 7, 6,
    1851.879, 2, 0, 8, 6, 3095.172, 1, 0, 13, 6, 712.3322, 0, 0, 15, 2, 1884.162, 2, 1, 1, 12, 1090.416, 0, 1, 14, 6,
    890.5215, 0, 2, 10, 6, 789.6039, 1, 2, 2, 12, 691.0924, 1, 1, 12, 12, 2366.3, 2, 1, 4, 12, 2571.909,
  ]),
};

/**
 * Cell of Li(1-x)NiO2 against x, the fraction of Li removed: x, a and c in angstrom, linear in between. One smoothed path through
 * H1, M, H2 and H3; representative of Li, Ohzuku, de Biasi et al., +-0.03 angstrom in c.
 */
export const DELITHIATED_CELL: readonly (readonly [removed: number, a: number, c: number])[] = [
  [0, 2.878, 14.19],
  [0.25, 2.857, 14.32],
  [0.5, 2.838, 14.43],
  [0.6, 2.831, 14.45],
  [0.7, 2.825, 14.4],
  [0.75, 2.823, 14.2],
  [0.8, 2.821, 13.6],
  [0.9, 2.82, 13.42],
  [1, 2.819, 13.36],
];
