import { addPseudoVoigt } from '../../src/kernel/peaks/addPseudoVoigt.ts';
import type { UniformAxis } from '../../src/kernel/peaks/uniformAxis.ts';
import { combineWidths, gaussian } from '../../src/kernel/peaks/lineshapes.ts';

/** What a Raman spectrum of crystallising silicon depends on. */
export interface RamanState {
  /** Crystalline fraction. */
  crystalline: number;
  /** K of the spot. */
  temperature: number;
  /** Laser on the sample, mW. */
  power: number;
  /** Light the spot has had, J: bleaches the fluorescence. */
  dose: number;
  /** Of the spectrometer, cm-1; what is broader than that is left where it is. */
  shift: number;
  /** Etalon of the detector: relative depth, period cm-1 and phase. */
  etalon: number;
  etalonPeriod: number;
  etalonPhase: number;
  /** Light collected, relative to perfect focus. */
  focus: number;
}

/** Balkanski, Wallis and Haro, Physical Review B 28 (1983) 1928: position and width, cm-1, of two- and three-phonon decay. */
const PHONON = { bare: 528, two: -2.96, three: -0.174, widthTwo: 1.295, widthThree: 0.105 };
/** Position at 295 K by measurement; the formula gives 521.94. */
const POSITION_AT_295 = 520.7;
/** h c / k, cm K. */
const SECOND_RADIATION = 1.438777;
const SLIT = 2.5;
/** Electrons per second, mW and sample full of it. */
const CRYSTAL_RATE = 3000;
const AMORPHOUS_RATE = 4000;
/** Centre, full width at half maximum, part. */
const AMORPHOUS = [
  [480, 65, 0.6],
  [300, 70, 0.1],
  [380, 80, 0.12],
  [150, 60, 0.18],
] as const;
/** Centre and width cm-1, electrons per second and mW, J after which 1/e of it is left. */
const FLUORESCENCE = [
  [1500, 1800, 6e5, 20],
  [600, 1500, 3e5, 300],
  [900, 2500, 1e5, Infinity],
] as const;
const DARK = 0.5;
const DEFAULT_STEP = 0.8;

/** 150 to 968.4 cm-1 in `channels` channels. */
export function ramanAxis(channels: number): UniformAxis {
  return { start: 150, step: (DEFAULT_STEP * 1024) / channels };
}

/** Phonons at `wavenumber` cm-1 and `temperature` K. */
function occupation(wavenumber: number, temperature: number): number {
  return 1 / Math.expm1((SECOND_RADIATION * wavenumber) / temperature);
}

/** Position of the optical phonon of silicon, cm-1, by the formula alone. */
export function siliconPhonon(temperature: number): number {
  const two = occupation(264, temperature);
  const three = occupation(176, temperature);
  return PHONON.bare + PHONON.two * (1 + 2 * two) + PHONON.three * (1 + 3 * three + 3 * three * three);
}

/** Its natural full width at half maximum, cm-1. */
export function siliconWidth(temperature: number): number {
  const two = occupation(264, temperature);
  const three = occupation(176, temperature);
  return PHONON.widthTwo * (1 + 2 * two) + PHONON.widthThree * (1 + 3 * three + 3 * three * three);
}

const OFFSET = POSITION_AT_295 - siliconPhonon(295);

/** Position of the crystal line as measured, cm-1. */
export function siliconLine(temperature: number): number {
  return siliconPhonon(temperature) + OFFSET;
}

/** Amorphous silicon filling the sample, electrons per second, mW and cm-1, at `x` cm-1 from an unshifted axis. */
export function amorphousIntensity(x: number): number {
  let sum = 0;
  for (const [centre, width, part] of AMORPHOUS) sum += AMORPHOUS_RATE * part * gaussian(x, centre, width);
  return sum;
}

/** Fluorescence per cm-1 after `dose` J, by its three parts: the first two bleach. */
export function fluorescenceParts(x: number): readonly [number, number, number] {
  const [fast, slow, constant] = FLUORESCENCE.map(([centre, width, rate]) => rate * gaussian(x, centre, width));
  return [fast, slow, constant];
}

/** What is left of the two parts that bleach. */
export function unbleached(dose: number): readonly [number, number] {
  return [Math.exp(-dose / FLUORESCENCE[0][3]), Math.exp(-dose / FLUORESCENCE[1][3])];
}

/** Adds the line of a crystal filling `fraction` of the sample, electrons per second and mW. */
export function addCrystalLine(
  axis: UniformAxis,
  fraction: number,
  temperature: number,
  shift: number,
  out: Float64Array,
): void {
  const { width, eta } = combineWidths(SLIT, siliconWidth(temperature));
  addPseudoVoigt(axis, CRYSTAL_RATE * fraction * axis.step, siliconLine(temperature) + shift, width, eta, out);
}

/** Cosine of the etalon at every channel. */
export function etalonWave({ etalonPeriod, etalonPhase }: RamanState, axis: UniformAxis, out: Float64Array): void {
  for (let i = 0; i < out.length; i++)
    out[i] = Math.cos((2 * Math.PI * (axis.start + i * axis.step)) / etalonPeriod + etalonPhase);
}

/**
 * Turns electrons per second and mW into those of an exposure, through etalon and optics, on top of the dark current.
 * @param wave of `etalonWave`
 */
export function expose(state: RamanState, seconds: number, step: number, wave: Float64Array, out: Float64Array): void {
  const dark = (seconds * DARK * step) / DEFAULT_STEP;
  const light = seconds * state.power * state.focus;
  for (let i = 0; i < out.length; i++) out[i] = light * (1 + state.etalon * wave[i]) * out[i] + dark;
}

/** Expected electrons of an exposure of `seconds`, each term evaluated at every channel: the reference for the fast model. */
export function ramanMean(state: RamanState, seconds: number, axis: UniformAxis, out: Float64Array): void {
  const [fastLeft, slowLeft] = unbleached(state.dose);
  for (let i = 0; i < out.length; i++) {
    const x = axis.start + i * axis.step;
    const [fast, slow, constant] = fluorescenceParts(x);
    const scattered = (1 - state.crystalline) * amorphousIntensity(x - state.shift);
    out[i] = axis.step * (scattered + fastLeft * fast + slowLeft * slow + constant);
  }
  addCrystalLine(axis, state.crystalline, state.temperature, state.shift, out);
  const wave = new Float64Array(out.length);
  etalonWave(state, axis, wave);
  expose(state, seconds, axis.step, wave, out);
}
