/** Scattering atom of a path, and the bond that its thermal disorder goes by. */
export interface ScatteringPath {
  readonly scatterer: 'O' | 'Ni';
  readonly atoms: number;
  /** angstrom. */
  readonly distance: number;
  readonly bond: keyof typeof EINSTEIN;
}

/** What the Ni K edge of a phase is made of. */
export interface XasPhase {
  /** Zero of the photoelectron's energy and place of the step, eV. */
  readonly edge: number;
  /** White line and pre-edge: energy eV, height over the step, full width at half maximum eV. */
  readonly lines: readonly (readonly [energy: number, height: number, width: number])[];
  readonly paths: readonly ScatteringPath[];
}

/** Shells from the rock-salt lattice with a = 4.177 angstrom; edge and lines representative. */
export const NICKEL_OXIDE: XasPhase = {
  edge: 8343.5,
  lines: [
    [8350, 0.75, 5.5],
    [8333, 0.03, 2.5],
  ],
  paths: [
    { scatterer: 'O', atoms: 6, distance: 2.0886, bond: 'oxide' },
    { scatterer: 'Ni', atoms: 12, distance: 2.9537, bond: 'cation' },
    { scatterer: 'O', atoms: 8, distance: 3.6175, bond: 'oxide' },
    { scatterer: 'Ni', atoms: 6, distance: 4.1771, bond: 'cation' },
  ],
};

/** Shells from the face-centred lattice with a = 3.524 angstrom. */
export const NICKEL: XasPhase = {
  edge: 8336,
  lines: [
    [8350, 0.18, 9],
    [8333.2, 0.12, 3],
  ],
  paths: [
    { scatterer: 'Ni', atoms: 12, distance: 2.492, bond: 'metal' },
    { scatterer: 'Ni', atoms: 6, distance: 3.524, bond: 'metal' },
    { scatterer: 'Ni', atoms: 24, distance: 4.316, bond: 'metal' },
  ],
};

/** Reduced mass in atomic mass units and Einstein temperature in K of a bond. */
const EINSTEIN = {
  metal: { mass: 29.347, temperature: 270 },
  oxide: { mass: 12.57, temperature: 480 },
  cation: { mass: 29.347, temperature: 330 },
} as const;

/** k^2 per eV, 1/(angstrom^2 eV). */
const WAVENUMBER = 0.2624684;
/** hbar^2 / (u k_B), angstrom^2 K, halved. */
const ZERO_POINT = 24.254;
const AMPLITUDE = 0.85;
const LEAST_WAVENUMBER = 0.3;
const STEP_HALF_WIDTH = 1.6;

/** Mean square relative displacement of a bond at `kelvin`, angstrom^2 (Einstein model). */
export function disorder({ bond }: ScatteringPath, kelvin: number): number {
  const { mass, temperature } = EINSTEIN[bond];
  return ZERO_POINT / (mass * temperature * Math.tanh(temperature / (2 * kelvin)));
}

/**
 * Extended fine structure, single scattering; the amplitudes and phases are synthetic, shaped like calculated ones.
 * @param disorders [paths] angstrom^2
 */
export function fineStructure({ edge, paths }: XasPhase, energy: number, disorders: readonly number[]): number {
  if (energy <= edge) return 0;
  const k = Math.max(LEAST_WAVENUMBER, Math.sqrt(WAVENUMBER * (energy - edge)));
  const u = Math.min(1, Math.max(0, (k - 1.5) / 1.5));
  const onset = u * u * (3 - 2 * u);
  if (onset === 0) return 0;
  const freePath = ((3.1 / k) ** 4 + k) / 0.9;
  const ofOxygen = 1.1 * Math.exp(-k / 4.5);
  const ofNickel = 0.75 * Math.exp(-(((k - 7) / 5) ** 2));
  let chi = 0;
  for (let p = 0; p < paths.length; p++) {
    const { scatterer, atoms, distance } = paths[p];
    const amplitude = scatterer === 'O' ? ofOxygen : ofNickel;
    const phase = scatterer === 'O' ? 3.6 - 0.9 * k + 0.01 * k * k : -2 - 0.7 * k + 0.008 * k * k;
    const damping = Math.exp(-2 * disorders[p] * k * k - (2 * distance) / freePath);
    chi += ((atoms * amplitude) / (k * distance * distance)) * damping * Math.sin(2 * k * distance + phase);
  }
  return AMPLITUDE * onset * chi;
}

/** Step with white lines and pre-edge, without fine structure, and the step alone. */
export function edgeShape(
  { edge, lines }: XasPhase,
  energy: number,
): { readonly step: number; readonly peaks: number } {
  let peaks = 0;
  for (const [centre, height, width] of lines) {
    const u = (energy - centre) / width;
    peaks += height * Math.exp(-4 * Math.LN2 * u * u);
  }
  return { step: 0.5 + Math.atan((energy - edge) / STEP_HALF_WIDTH) / Math.PI, peaks };
}
