/** Chemistry of a half cell against lithium. */
export interface CellChemistry {
  /** Equilibrium potential, V, at fraction `removed` (0 to 1) of the lithium removed. */
  potential(removed: number): number;
  /** Limits at which a cycler reverses the current, V. */
  readonly upper: number;
  readonly lower: number;
}

/** LiFePO4: a plateau at 3.43 V between steep ends; representative. */
export const IRON_PHOSPHATE_CELL: CellChemistry = {
  potential: (removed) => 3.43 - 0.4 * Math.exp(-removed / 0.01) + 0.4 * Math.exp(-(1 - removed) / 0.01),
  upper: 3.7,
  lower: 3.1,
};

const NICKEL_OXIDE_STEPS = [
  [0, 3.5],
  [0.1, 3.65],
  [0.25, 3.75],
  [0.4, 3.88],
  [0.5, 4],
  [0.6, 4.1],
  [0.7, 4.17],
  [0.75, 4.19],
  [0.8, 4.2],
  [0.85, 4.21],
  [0.9, 4.3],
  [1, 4.5],
] as const;

/** LiNiO2: slopes, and a plateau of H2 to H3 near 4.2 V; representative, linear between the steps. */
export const NICKEL_OXIDE_CELL: CellChemistry = {
  potential(removed) {
    const last = NICKEL_OXIDE_STEPS.length - 1;
    let i = 1;
    while (i < last && NICKEL_OXIDE_STEPS[i][0] < removed) i++;
    const [x0, u0] = NICKEL_OXIDE_STEPS[i - 1];
    const [x1, u1] = NICKEL_OXIDE_STEPS[i];
    return u0 + ((removed - x0) / (x1 - x0)) * (u1 - u0);
  },
  upper: 4.35,
  lower: 3.55,
};

/** A current moves the potential by so much, V, up on charge and down on discharge. */
export const POLARISATION = 0.03;
