/** A line or edge of known position. */
export interface ReferenceLine {
  readonly name: string;
  /** In the unit of its table. */
  readonly position: number;
  /** One standard uncertainty of it, same unit. */
  readonly uncertainty: number;
  /** 'edge': the position is the inflection of a step, not the top of a peak. */
  readonly feature: 'peak' | 'edge';
}

/** Positions by which an axis is calibrated, and the unit they are in (UCUM). */
export interface ReferenceTable {
  readonly unit: string;
  readonly lines: readonly ReferenceLine[];
}

const line = (name: string, position: number, uncertainty: number): ReferenceLine => ({
  name,
  position,
  uncertainty,
  feature: 'peak',
});
const edge = (name: string, position: number, uncertainty: number): ReferenceLine => ({
  ...line(name, position, uncertainty),
  feature: 'edge',
});

/**
 * First-order Raman line of crystalline silicon at room temperature, low laser power. 520.7 is what instruments are set to; measured were
 * 520.2 +- 0.5 (Parker, Feldman & Ashkin, Phys. Rev. 155 (1967) 712) to 520.7 (Temple & Hathaway, Phys. Rev. B 7 (1973) 3685).
 */
const RAMAN_SILICON: ReferenceTable = { unit: 'cm-1', lines: [line('Si', 520.7, 0.5)] };

/** Raman shifts of cyclohexane (ASTM E1840-96, standard guide for Raman shift standards). */
const RAMAN_CYCLOHEXANE: ReferenceTable = {
  unit: 'cm-1',
  lines: [
    line('384', 384.1, 0.78),
    line('426', 426.3, 0.41),
    line('801', 801.3, 0.96),
    line('1028', 1028.3, 0.45),
    line('1157', 1157.6, 0.94),
    line('1266', 1266.4, 0.58),
    line('1444', 1444.4, 0.3),
    line('2664', 2664.4, 0.42),
    line('2852', 2852.9, 0.32),
    line('2923', 2923.8, 0.36),
    line('2938', 2938.3, 0.51),
  ],
};

/** Neutral neon in air (NIST Atomic Spectra Database; Saloman & Sansonetti, J. Phys. Chem. Ref. Data 33 (2004) 1113). */
const NEON: ReferenceTable = {
  unit: 'nm',
  lines: [
    line('Ne 585.25', 585.24879, 2e-4),
    line('Ne 588.19', 588.1895, 2e-4),
    line('Ne 594.48', 594.48342, 2e-4),
    line('Ne 607.43', 607.43377, 2e-4),
    line('Ne 609.62', 609.61631, 2e-4),
    line('Ne 614.31', 614.30626, 2e-4),
    line('Ne 616.36', 616.35939, 2e-4),
    line('Ne 621.73', 621.72812, 2e-4),
    line('Ne 626.65', 626.6495, 2e-4),
    line('Ne 633.44', 633.44278, 2e-4),
    line('Ne 638.30', 638.29917, 2e-4),
    line('Ne 640.22', 640.2248, 2e-4),
    line('Ne 650.65', 650.65281, 2e-4),
    line('Ne 659.90', 659.89529, 2e-4),
    line('Ne 667.83', 667.8276, 2e-4),
    line('Ne 671.70', 671.7043, 2e-4),
    line('Ne 692.95', 692.94673, 2e-4),
    line('Ne 703.24', 703.24131, 2e-4),
  ],
};

/** Binding energies for the calibration of X-ray photoelectron spectrometers with Al K-alpha (ISO 15472:2010). */
const XPS_METALS: ReferenceTable = {
  unit: 'eV',
  lines: [line('Au 4f7/2', 83.96, 0.02), line('Ag 3d5/2', 368.21, 0.02), line('Cu 2p3/2', 932.62, 0.02)],
};

/** Adventitious carbon, charge-referenced to 284.8: a convention, not a constant; values of 284.6 to 285.2 are in use (Greczynski & Hultman, Prog. Mater. Sci. 107 (2020) 100591). */
const XPS_CARBON: ReferenceTable = { unit: 'eV', lines: [line('C 1s', 284.8, 0.2)] };

/** Fermi edge of a metal in contact with the spectrometer, binding energy. */
const XPS_FERMI: ReferenceTable = { unit: 'eV', lines: [edge('Fermi edge', 0, 0.02)] };

/** K edges of metal foils, first inflection (Kraft, Stuempel, Becker & Kuetgens, Rev. Sci. Instrum. 67 (1996) 681; others Bearden & Burr, Rev. Mod. Phys. 39 (1967) 125). */
const XAS_FOILS: ReferenceTable = {
  unit: 'eV',
  lines: [
    edge('Ti', 4966.4, 0.5),
    edge('V', 5465.1, 0.5),
    edge('Cr', 5989.02, 0.02),
    edge('Mn', 6539, 0.5),
    edge('Fe', 7110.75, 0.02),
    edge('Co', 7708.78, 0.02),
    edge('Ni', 8331.49, 0.02),
    edge('Cu', 8980.48, 0.02),
    edge('Zn', 9660.76, 0.03),
    edge('Zr', 17995.87, 0.08),
    edge('Mo', 20000.35, 0.06),
  ],
};

/** Energy losses: the zero loss, and the inflection of edges in their usual phases (EELS Atlas, Ahn & Krivanek, 1983); chemistry moves edges by some eV. */
const EELS: ReferenceTable = {
  unit: 'eV',
  lines: [
    line('zero loss', 0, 1e-3),
    edge('C K', 284, 1),
    edge('N K', 401, 1),
    edge('O K', 532, 1),
    edge('Ni L3', 855, 1),
  ],
};

/** All tables by the name settings use. */
export const REFERENCE_TABLES = {
  ramanSilicon: RAMAN_SILICON,
  ramanCyclohexane: RAMAN_CYCLOHEXANE,
  neon: NEON,
  xpsMetals: XPS_METALS,
  xpsCarbon: XPS_CARBON,
  xpsFermi: XPS_FERMI,
  xasFoils: XAS_FOILS,
  eels: EELS,
} as const;

export type ReferenceTableName = keyof typeof REFERENCE_TABLES;
