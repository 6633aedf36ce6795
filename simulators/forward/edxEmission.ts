import { MASS_ATTENUATION } from '../../src/kernel/tables/massAttenuation.ts';
import { SILICON_ESCAPE, XRAY_EMITTERS } from '../../src/kernel/tables/xrayEmitters.ts';
import type { XrayEmitter } from '../../src/kernel/tables/xrayEmitters.ts';
import { massAttenuationAt } from '../../src/kernel/tables/massAttenuationAt.ts';

/** Elements a foil on a grid may hold, in the order of every array of mass thicknesses. */
export const EDX_ELEMENTS = ['C', 'Ti', 'Cr', 'Fe', 'Ni', 'Cu'] as const;
export type EdxElement = (typeof EDX_ELEMENTS)[number];

const AVOGADRO = 6.02214076e23;
const ELECTRONS_PER_SECOND_AND_NA = 1e-9 / 1.602176634e-19;
const BEAM_KEV = 200;
/** Solid angle of 0.7 sr over the whole sphere. */
const SOLID_ANGLE = 0.7 / (4 * Math.PI);
/** Longer way of X-rays through the foil, by the take-off angle of 22 degrees. */
export const PATH_FACTOR = 1 / Math.sin((22 * Math.PI) / 180);
/** Cross section of Bethe and Powell: cm2 keV2, and its constants b and c. */
const BETHE = { factor: 6.51e-20, b: 0.9, c: 0.65 };
const SHELL_ELECTRONS = { K: 2, L2: 2, L3: 4 } as const;
/** g/cm2 of the detector's active silicon, of its dead layer, and of its aluminium contact. */
const DETECTOR = { silicon: 2.33 * 0.045, dead: 2.33 * 1e-5, contact: 2.7 * 3e-6 };
const SILICON_EDGE = 1838.9;
/** Photons per second, nA, steradian over 4 pi, g/cm2, unit of Z and eV. */
const CONTINUUM = 130;
/** Below this energy, eV, no bremsstrahlung is counted. */
export const LOWEST_CONTINUUM = 110;

/** A characteristic line as it reaches the detector. */
export interface EmittedLine {
  /** Place of its element in {@link EDX_ELEMENTS}. */
  readonly element: number;
  readonly subshell: string;
  /** eV. */
  readonly energy: number;
  /** Detected photons per second, nA and g/cm2 of its element, before absorption in the foil. */
  readonly yieldPerMass: number;
  /** Part of them whose silicon K-alpha photon escapes from the detector. */
  readonly escape: number;
}

/** All lines of all elements. */
export const EMITTED_LINES: readonly EmittedLine[] = EDX_ELEMENTS.flatMap((name, element) => {
  const emitter: XrayEmitter = XRAY_EMITTERS[name];
  return emitter.lines.map(([subshell, energy, rate]) => {
    const [edge, fluorescenceYield] = emitter.subshells[subshell]!;
    const perAtom = ionisation(SHELL_ELECTRONS[subshell], edge / 1000) * fluorescenceYield * rate;
    const atoms = AVOGADRO / emitter.atomicWeight;
    const yieldPerMass = ELECTRONS_PER_SECOND_AND_NA * SOLID_ANGLE * atoms * perAtom * detectorEfficiency(energy);
    return { element, subshell, energy, yieldPerMass, escape: escapeFraction(energy) };
  });
});

export const ESCAPED_ENERGY = SILICON_ESCAPE.lineEnergy;

/** Full width at half maximum of the detector's response, eV. */
export function lineWidth(energy: number): number {
  return Math.sqrt(130 * 130 + 2.5 * (energy - 5898.7));
}

/** Part of the photons at `energy` eV that a silicon drift detector counts. */
export function detectorEfficiency(energy: number): number {
  const silicon = massAttenuationAt(MASS_ATTENUATION.Si, energy);
  const window = massAttenuationAt(MASS_ATTENUATION.Al, energy) * DETECTOR.contact + silicon * DETECTOR.dead;
  return -Math.expm1(-silicon * DETECTOR.silicon) * Math.exp(-window);
}

/** Detected bremsstrahlung per second, nA, g/cm2, unit of Z and eV at `energy` eV, before absorption in the foil. */
export function continuumYield(energy: number): number {
  if (energy < LOWEST_CONTINUUM) return 0;
  return (CONTINUUM * SOLID_ANGLE * (BEAM_KEV * 1000 - energy) * detectorEfficiency(energy)) / energy;
}

/** Part of X-rays made evenly over the depth of a foil that leaves it; `absorbance` along the whole way out. */
export function leavingPart(absorbance: number): number {
  return absorbance === 0 ? 1 : -Math.expm1(-absorbance) / absorbance;
}

function ionisation(electrons: number, edgeKeV: number): number {
  const { factor, b, c } = BETHE;
  return ((factor * electrons * b) / (BEAM_KEV * edgeKeV)) * Math.log((c * BEAM_KEV) / edgeKeV);
}

function escapeFraction(energy: number): number {
  if (energy <= SILICON_EDGE) return 0;
  const { fluorescenceYield, jumpRatio, lineEnergy } = SILICON_ESCAPE;
  const q = massAttenuationAt(MASS_ATTENUATION.Si, energy) / massAttenuationAt(MASS_ATTENUATION.Si, lineEnergy);
  return 0.5 * fluorescenceYield * (1 - 1 / jumpRatio) * (1 - Math.log(1 + q) / q);
}
