/** An X-ray emission line: the subshell that is filled, energy in eV, and its share of the radiative transitions into that subshell. */
export type XrayLine = readonly [subshell: 'K' | 'L2' | 'L3', energy: number, rate: number];

/** What an element needs to emit characteristic X-rays. */
export interface XrayEmitter {
  readonly z: number;
  /** g/mol. */
  readonly atomicWeight: number;
  /** Edge energy in eV and fluorescence yield of the subshells. */
  readonly subshells: Readonly<Partial<Record<'K' | 'L2' | 'L3', readonly [edge: number, yield_: number]>>>;
  /** K, L2 and L3 lines between 200 and 10 200 eV with a rate above 5e-4. */
  readonly lines: readonly XrayLine[];
}

/**
 * Lines, edges and fluorescence yields: xraylib 4.0.0 (Schoonjans et al., Spectrochim. Acta B 66 (2011) 776); line energies agree
 * with other compilations to some eV. Coster-Kronig transfers are not included. Atomic weights: IUPAC standard weights.
 */
export const XRAY_EMITTERS = {
  C: {
    z: 6,
    atomicWeight: 12.0107,
    subshells: { K: [283.8, 0.002575] },
    lines: [
      ['K', 277.4, 0.334],
      ['K', 277.4, 0.666],
    ],
  },
  Ti: {
    z: 22,
    atomicWeight: 47.867,
    subshells: { K: [4966.4, 0.2256], L2: [461.5, 0.0011], L3: [455.5, 0.0015] },
    lines: [
      ['K', 4504.9, 0.298],
      ['K', 4510.9, 0.5869],
      ['K', 4931.8, 0.03869],
      ['K', 4931.8, 0.07638],
      ['L2', 401.2, 0.2762],
      ['L2', 457.8, 0.7028],
      ['L3', 395.2, 0.2844],
      ['L3', 451.8, 0.06988],
      ['L3', 451.8, 0.6241],
    ],
  },
  Cr: {
    z: 24,
    atomicWeight: 51.9961,
    subshells: { K: [5989.2, 0.2885], L2: [583.7, 0.0023], L3: [574.5, 0.0037] },
    lines: [
      ['K', 5405.5, 0.299],
      ['K', 5414.7, 0.587],
      ['K', 5946.7, 0.03823],
      ['K', 5946.7, 0.07577],
      ['L2', 509.6, 0.1303],
      ['L2', 581.4, 0.866],
      ['L3', 500.4, 0.1367],
      ['L3', 572.2, 0.08676],
      ['L3', 572.2, 0.7726],
    ],
  },
  Fe: {
    z: 26,
    atomicWeight: 55.845,
    subshells: { K: [7112.0, 0.3546], L2: [721.1, 0.0036], L3: [708.1, 0.0063] },
    lines: [
      ['K', 6390.9, 0.298],
      ['K', 6403.9, 0.5836],
      ['K', 7058.0, 0.03988],
      ['K', 7058.0, 0.07856],
      ['L2', 628.2, 0.09003],
      ['L2', 717.5, 0.9038],
      ['L3', 615.2, 0.09553],
      ['L3', 704.5, 0.09062],
      ['L3', 704.5, 0.8074],
    ],
  },
  Ni: {
    z: 28,
    atomicWeight: 58.6934,
    subshells: { K: [8332.8, 0.4212], L2: [871.9, 0.0051], L3: [854.7, 0.0093] },
    lines: [
      ['K', 7460.9, 0.2981],
      ['K', 7478.1, 0.5825],
      ['K', 8264.7, 0.04032],
      ['K', 8264.7, 0.0791],
      ['L2', 760.1, 0.06397],
      ['L2', 868.3, 0.9319],
      ['L3', 742.9, 0.06897],
      ['L3', 851.1, 0.0938],
      ['L3', 851.1, 0.8329],
    ],
  },
  Cu: {
    z: 29,
    atomicWeight: 63.546,
    subshells: { K: [8978.9, 0.4538], L2: [951.0, 0.0057], L3: [931.1, 0.011] },
    lines: [
      ['K', 8027.9, 0.2991],
      ['K', 8047.8, 0.5828],
      ['K', 8905.3, 0.03989],
      ['K', 8905.3, 0.07816],
      ['L2', 831.2, 0.0538],
      ['L2', 949.4, 0.9448],
      ['L3', 811.3, 0.05847],
      ['L3', 929.5, 0.09541],
      ['L3', 929.5, 0.8446],
    ],
  },
} as const satisfies Record<string, XrayEmitter>;

/** Fluorescence yield and jump ratio of the silicon K shell, and the mean energy of its K-alpha line, eV: for the escape of a detector. */
export const SILICON_ESCAPE = { fluorescenceYield: 0.05037, jumpRatio: 10.37, lineEnergy: 1739.8 } as const;
