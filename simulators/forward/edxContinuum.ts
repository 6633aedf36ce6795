import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { MASS_ATTENUATION } from '../../src/kernel/tables/massAttenuation.ts';
import { continuumYield, EDX_ELEMENTS, LOWEST_CONTINUUM, leavingPart, PATH_FACTOR } from './edxEmission.ts';
import { absorbance } from './edxSpectrum.ts';
import { attenuationSlope, breaksOf, massAttenuationAt } from '../../src/kernel/tables/massAttenuationAt.ts';

/** Detected bremsstrahlung of a foil, for a stream. */
export interface EdxContinuum {
  /**
   * Overwrites `out` with counts per channel, second, nA and unit of `mass`.
   * @param mass mass thickness times atomic number, g/cm2
   */
  draw(massThickness: Float64Array, mass: number, gainPpm: number, offset: number, out: Float64Array): void;
}

/**
 * Masses (g/cm2), gains (1e-6) and offsets (eV) are rounded to these, and nothing is computed while they stay the same:
 * a continuum that is off by 1e-4 of itself at most, of which the highest line is thousands of times as high.
 */
const MASS_NODE = 1e-9;
const GAIN_NODE = 4;
const OFFSET_NODE = 0.04;
/** Below this absorbance the series of (1 - exp(-c)) / c needs seven terms. */
const SHORT_WAY = 0.25;
const BREAKS: readonly number[] = [
  LOWEST_CONTINUUM,
  ...Object.values(MASS_ATTENUATION).flatMap((table) => breaksOf(table)),
];

/**
 * Each channel knows the continuum and every attenuation at its nominal energy and how they fall there; where an edge or a bend
 * of the tables lies between nominal and true energy of a channel, that channel is evaluated anew.
 */
export function createEdxContinuum(axis: UniformAxis, channels: number): EdxContinuum {
  const energies = Float64Array.from({ length: channels }, (_, i) => axis.start + i * axis.step);
  const yields = energies.map(continuumYield);
  const fall = energies.map(fallOfYield);
  const elements = EDX_ELEMENTS.length;
  /** [channels][elements] */
  const coefficients = new Float64Array(channels * elements);
  const slopes = new Float64Array(channels * elements);
  energies.forEach((energy, i) => {
    EDX_ELEMENTS.forEach((name, k) => {
      const coefficient = PATH_FACTOR * massAttenuationAt(MASS_ATTENUATION[name], energy);
      coefficients[i * elements + k] = coefficient;
      if (energy !== 0)
        slopes[i * elements + k] = (coefficient * attenuationSlope(MASS_ATTENUATION[name], energy)) / energy;
    });
  });
  const way = new Float64Array(channels);
  const wayFall = new Float64Array(channels);
  const known = new Float64Array(elements).fill(NaN);
  /** @returns whether the masses have changed. */
  const sumWays = (massThickness: Float64Array): boolean => {
    let isSame = true;
    for (let k = 0; k < elements; k++) {
      const rounded = MASS_NODE * Math.round(massThickness[k] / MASS_NODE);
      if (rounded !== known[k]) isSame = false;
      known[k] = rounded;
    }
    if (isSame) return false;
    for (let i = 0, place = 0; i < channels; i++) {
      let sum = 0;
      let fallSum = 0;
      for (let k = 0; k < elements; k++, place++) {
        sum += known[k] * coefficients[place];
        fallSum += known[k] * slopes[place];
      }
      way[i] = sum;
      wayFall[i] = fallSum;
    }
    return true;
  };
  /** Per unit of `mass`. */
  const drawn = new Float64Array(channels);
  const drawAt = (gainPpm: number, offset: number): void => {
    const gain = axis.step * gainPpm * 1e-6;
    for (let i = 0; i < channels; i++) {
      const moved = offset + gain * i;
      drawn[i] = axis.step * yields[i] * (1 - fall[i] * moved) * leaving(way[i] - wayFall[i] * moved);
    }
    for (const energyOfBreak of BREAKS) {
      const nominal = Math.ceil((energyOfBreak - axis.start) / axis.step);
      const actual = Math.ceil((energyOfBreak - axis.start - offset) / (axis.step + gain));
      for (let i = Math.max(0, Math.min(nominal, actual)); i < Math.min(channels, Math.max(nominal, actual)); i++) {
        const energy = energies[i] + offset + gain * i;
        drawn[i] = axis.step * continuumYield(energy) * leavingPart(absorbance(known, energy));
      }
    }
  };
  let gainDrawn = NaN;
  let offsetDrawn = NaN;
  return {
    draw(massThickness, mass, gainPpm, offset, out) {
      const gain = GAIN_NODE * Math.round(gainPpm / GAIN_NODE);
      const at = OFFSET_NODE * Math.round(offset / OFFSET_NODE);
      if (sumWays(massThickness) || gain !== gainDrawn || at !== offsetDrawn) drawAt(gain, at);
      gainDrawn = gain;
      offsetDrawn = at;
      for (let i = 0; i < channels; i++) out[i] = mass * drawn[i];
    },
  };
}

/** Relative fall of the continuum per eV, on the side of an edge or bend that the energy lies on. */
function fallOfYield(energy: number): number {
  const here = continuumYield(energy);
  if (here === 0) return 0;
  const step = BREAKS.some((other) => other > energy && other <= energy + 1) ? -1 : 1;
  return (here - continuumYield(energy + step)) / (step * here);
}

function leaving(c: number): number {
  if (c > SHORT_WAY) return (1 - Math.exp(-c)) / c;
  return 1 + c * (-1 / 2 + c * (1 / 6 + c * (-1 / 24 + c * (1 / 120 + c * (-1 / 720 + c * (1 / 5040))))));
}
