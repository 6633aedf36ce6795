/** A family of equivalent reflections: h, k, l, multiplicity (Friedel pairs counted), |F|^2 in electrons^2 per unit cell. */
export type Reflection = readonly [
  h: number,
  k: number,
  l: number,
  multiplicity: number,
  structureFactorSquared: number,
];

/** A tetragonal crystal as powder diffraction sees it. */
export interface TetragonalPhase {
  /** Cell edges at 298.15 K, angstrom. */
  readonly a: number;
  readonly c: number;
  /** Mean linear expansion between 300 and 1000 K, 1/K; representative. */
  readonly expansionA: number;
  readonly expansionC: number;
  /** All families with d >= 0.9 angstrom whose multiplicity times |F|^2 exceeds 1e-3 of the largest; no thermal factor. */
  readonly reflections: readonly Reflection[];
}

/** Anatase, TiO2, I4_1/amd. Cell: Horn et al. 1972 and Howard 1991. |F|^2: computed from the atom positions with form factors fitted to those of xraylib 4.0.0. */
export const ANATASE: TetragonalPhase = {
  a: 3.7845,
  c: 9.5143,
  expansionA: 4.9e-6,
  expansionC: 1.16e-5,
  reflections: [
    [1, 0, 1, 8, 3634.62],
    [1, 0, 3, 8, 514.2277],
    [0, 0, 4, 2, 7136.836],
    [1, 1, 2, 8, 635.481],
    [2, 0, 0, 4, 8705.948],
    [1, 0, 5, 8, 3659.392],
    [2, 1, 1, 16, 1871.541],
    [2, 1, 3, 16, 402.6237],
    [2, 0, 4, 8, 3994.606],
    [1, 1, 6, 8, 2153.266],
    [2, 2, 0, 4, 5108.226],
    [1, 0, 7, 8, 206.2922],
    [2, 1, 5, 16, 2261.228],
    [3, 0, 1, 8, 1229.265],
    [0, 0, 8, 2, 908.3432],
    [3, 0, 3, 8, 322.645],
    [2, 2, 4, 8, 2712.367],
    [3, 1, 2, 16, 477.9253],
    [2, 1, 7, 16, 180.1708],
    [3, 0, 5, 8, 1627.048],
    [3, 2, 1, 16, 916.0495],
    [1, 0, 9, 8, 1265.096],
    [2, 0, 8, 8, 733.669],
    [3, 2, 3, 16, 268.585],
    [3, 1, 6, 16, 1253.198],
    [4, 0, 0, 4, 2767.5],
    [3, 0, 7, 8, 158.7996],
    [3, 2, 5, 16, 1289.699],
    [4, 1, 1, 16, 741.5878],
  ],
};

/** Rutile, TiO2, P4_2/mnm. Cell: Abrahams and Bernstein 1971, Burdett 1987. |F|^2: computed as for anatase. */
export const RUTILE: TetragonalPhase = {
  a: 4.5937,
  c: 2.9587,
  expansionA: 7.3e-6,
  expansionC: 9.4e-6,
  reflections: [
    [1, 1, 0, 4, 1436.784],
    [1, 0, 1, 8, 596.9621],
    [2, 0, 0, 4, 212.6308],
    [1, 1, 1, 8, 332.1687],
    [2, 1, 0, 8, 138.2667],
    [2, 1, 1, 16, 951.8341],
    [2, 2, 0, 4, 1253.678],
    [0, 0, 2, 2, 1512.194],
    [3, 1, 0, 8, 399.6426],
    [2, 2, 1, 8, 31.6451],
    [3, 0, 1, 8, 1182.455],
    [1, 1, 2, 8, 593.4773],
    [3, 1, 1, 16, 36.66295],
    [3, 2, 0, 8, 15.91268],
    [2, 0, 2, 8, 152.883],
    [2, 1, 2, 16, 47.20248],
    [3, 2, 1, 16, 174.609],
    [4, 0, 0, 4, 500.7682],
    [4, 1, 0, 8, 94.76966],
    [2, 2, 2, 8, 660.1678],
    [3, 3, 0, 4, 726.0568],
    [4, 1, 1, 16, 331.8815],
    [3, 1, 2, 16, 253.8995],
    [4, 2, 0, 8, 296.5324],
    [3, 3, 1, 8, 6.155555],
    [4, 2, 1, 16, 31.95438],
    [3, 2, 2, 16, 8.550743],
    [1, 0, 3, 8, 216.3633],
    [1, 1, 3, 8, 60.53682],
    [4, 3, 0, 8, 18.36055],
    [4, 0, 2, 8, 344.3667],
    [5, 1, 0, 8, 386.8736],
  ],
};
