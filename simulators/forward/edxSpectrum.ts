import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { gaussian } from '../../src/kernel/peaks/lineshapes.ts';
import { MASS_ATTENUATION } from '../../src/kernel/tables/massAttenuation.ts';
import { XRAY_EMITTERS } from '../../src/kernel/tables/xrayEmitters.ts';
import {
  continuumYield,
  EDX_ELEMENTS,
  EMITTED_LINES,
  ESCAPED_ENERGY,
  leavingPart,
  lineWidth,
  PATH_FACTOR,
} from './edxEmission.ts';
import { massAttenuationAt } from '../../src/kernel/tables/massAttenuationAt.ts';

/** What an EDX spectrum of a thin foil depends on. */
export interface EdxState {
  /** [EDX_ELEMENTS] mass thickness of each element, g/cm2. */
  readonly massThickness: Float64Array;
  /** Beam current, nA. */
  current: number;
  /** Deviation of the energy per channel, 1e-6. */
  gainPpm: number;
  /** Energy of channel 0, eV. */
  offset: number;
}

/** Two pulses closer than this are counted as one of their sum, seconds. */
export const PILE_UP_S = 2e-7;
/** Every pulse blinds the detector for so long, seconds; paralysable. */
export const DEAD_TIME_S = 1e-6;
const RANGE = 10240;

/** 0 to 10 230 eV in `channels` channels, for a gain and an offset of zero. */
export function edxAxis(channels: number): UniformAxis {
  return { start: 0, step: RANGE / channels };
}

/** Part of the real time in which a detector that receives `rate` pulses per second can count. */
export function liveFraction(rate: number): number {
  return Math.exp(-rate * DEAD_TIME_S);
}

/** Sum over the elements of mass thickness times attenuation along the way out of the foil. */
export function absorbance(massThickness: Float64Array, energy: number): number {
  let sum = 0;
  for (let k = 0; k < EDX_ELEMENTS.length; k++)
    if (massThickness[k] !== 0) sum += massThickness[k] * massAttenuationAt(MASS_ATTENUATION[EDX_ELEMENTS[k]], energy);
  return PATH_FACTOR * sum;
}

/** Detected photons per second of each line of `EMITTED_LINES`, before escape, pile-up and dead time. */
export function lineRates({ massThickness, current }: EdxState): readonly number[] {
  return EMITTED_LINES.map(({ element, energy, yieldPerMass }) =>
    massThickness[element] === 0
      ? 0
      : current * massThickness[element] * yieldPerMass * leavingPart(absorbance(massThickness, energy)),
  );
}

/** Mass thickness times atomic number, which bremsstrahlung is proportional to, g/cm2. */
export function continuumMass(massThickness: Float64Array): number {
  return EDX_ELEMENTS.reduce((sum, name, k) => sum + massThickness[k] * XRAY_EMITTERS[name].z, 0);
}

/**
 * Expected counts, every term evaluated in every channel: the reference for the fast model, too slow for a stream.
 * @param seconds real time
 * @returns the rate of pulses before dead time, 1/s
 */
export function edxMean(state: EdxState, seconds: number, axis: UniformAxis, out: Float64Array): number {
  const { massThickness, current, gainPpm, offset } = state;
  const rates = lineRates(state);
  const incoming = new Float64Array(out.length);
  const mass = continuumMass(massThickness);
  for (let i = 0; i < incoming.length; i++) {
    const energy = axis.start + offset + axis.step * (1 + gainPpm * 1e-6) * i;
    let density = current * mass * continuumYield(energy) * leavingPart(absorbance(massThickness, energy));
    EMITTED_LINES.forEach(({ energy: centre, escape }, k) => {
      density += (1 - escape) * rates[k] * gaussian(energy, centre, lineWidth(centre));
      if (escape > 0) {
        const lower = centre - ESCAPED_ENERGY;
        density += escape * rates[k] * gaussian(energy, lower, lineWidth(lower));
      }
    });
    incoming[i] = density * axis.step;
  }
  const rate = incoming.reduce((sum, value) => sum + value, 0);
  const live = seconds * liveFraction(rate);
  const coincident = selfConvolution(incoming, new Float64Array(out.length));
  for (let i = 0; i < out.length; i++)
    out[i] = live * (incoming[i] * (1 - 2 * rate * PILE_UP_S) + PILE_UP_S * coincident[i]);
  return rate;
}

/** sum over i + j = k of a[i] a[j]. */
export function selfConvolution(a: Float64Array, out: Float64Array): Float64Array {
  out.fill(0);
  const n = a.length;
  // Four rows at once: most of the time goes into reading and writing `out`.
  for (let i = 0; 2 * i < n; i += 4) {
    const common = 2 * (i + 3) + 1;
    for (let row = i; row < i + 4 && 2 * row < n; row++) {
      out[2 * row] += a[row] * a[row];
      for (let k = 2 * row + 1; k < Math.min(n, common); k++) out[k] += 2 * a[row] * a[k - row];
    }
    const [a0, a1, a2, a3] = a.subarray(i, i + 4);
    for (let k = common; k < n; k++)
      out[k] += 2 * (a0 * a[k - i] + a1 * a[k - i - 1] + a2 * a[k - i - 2] + a3 * a[k - i - 3]);
  }
  return out;
}
