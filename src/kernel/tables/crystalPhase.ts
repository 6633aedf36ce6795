/**
 * A crystal whose cell may change, as powder diffraction sees it. Reflections: h, k, l, multiplicity (Friedel pairs counted) and
 * |F|^2 in electrons^2 per unit cell, five numbers each; all families with d >= 0.9 angstrom whose multiplicity times |F|^2 exceeds
 * 1e-3 of the largest; no thermal factor.
 */
export interface CrystalPhase {
  /** Cell edges, angstrom; hexagonal axes have b = a and an angle of 120 degrees between them. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly isHexagonal: boolean;
  readonly reflections: Float64Array;
}
