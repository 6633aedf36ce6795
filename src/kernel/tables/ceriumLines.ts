/** A component of a photoelectron spectrum: binding energy eV, part of the whole area, full width at half maximum eV. */
export type PhotoelectronLine = readonly [energy: number, area: number, width: number];

/**
 * Ce 3d of Ce4+ and Ce3+, each of area 1: 3d5/2 with its satellites v, then 3d3/2 with u. Representative: binding energies differ by
 * +-0.7 eV between authors.
 */
export const CERIUM_4: readonly PhotoelectronLine[] = [
  [882.5, 0.24, 2],
  [888.8, 0.17, 4.2],
  [898.3, 0.19, 2.2],
  [901, 0.16, 2],
  [907.3, 0.11, 4.2],
  [916.7, 0.13, 2.2],
];
export const CERIUM_3: readonly PhotoelectronLine[] = [
  [880.6, 0.1, 2.6],
  [885.2, 0.5, 3.4],
  [899.1, 0.07, 2.6],
  [903.6, 0.33, 3.4],
];
