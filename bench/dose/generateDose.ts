import { nextNormal } from '../../src/kernel/random/normal.ts';
import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import { nextUniform, seedXoshiro128, type RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { drawKinetics } from './drawKinetics.ts';
import { doseSchedule } from './doseSchedule.ts';
import type { DoseFile, DoseStream } from './doseStream.ts';
import { SHAPES, shiftedShape } from './doseShapes.ts';

export const SCENARIOS = ['exp', 'onset', 'avrami', 'twostep', 'rate', 'gaps', 'null'] as const;
export type Scenario = (typeof SCENARIOS)[number];

const TOLERANCE = 0.05;
const DOSE = 2.5;
const FRAMES = { indicator: 200, spectra: 120 } as const;
const INTACT = 0.6;
const DAMAGED = 0.35;
/** Intensity goes up and down by a fifth, and scatters by a hundredth. */
const SWING = 0.2;
const SCATTER = 0.008;
/** Largest shift of a spectrum, channels. */
const SHIFT = 1.6;

/** What is to be made. */
export interface DosePlan {
  readonly scenario: Scenario;
  readonly mode: 'indicator' | 'spectra';
  /** Which pair of shapes, of spectra. */
  readonly shapes?: keyof typeof SHAPES;
  readonly counts: number;
  readonly streams: number;
  readonly seed: number;
}

/** Streams of one scenario at one count level, made anew for every plan of the same numbers alike. */
export function generateDose(plan: DosePlan): { name: string; file: DoseFile } {
  const { scenario, mode, shapes = 'A', counts, seed } = plan;
  const place =
    SCENARIOS.indexOf(scenario) * 100 + Math.round(Math.log10(counts) * 10) + (mode === 'spectra' ? 1000 : 0);
  const streams = Array.from({ length: plan.streams }, (_, k) =>
    generateStream(plan, seedXoshiro128(seed * 10_000 + place, k + (shapes === 'A' ? 0 : 100_000)), k),
  );
  const reference =
    mode === 'indicator'
      ? { p_intact: INTACT, p_damaged: DAMAGED }
      : { intact: shiftedShape(SHAPES[shapes].intact, 0), damaged: shiftedShape(SHAPES[shapes].damaged, 0) };
  return {
    name: `${mode}_${scenario}${mode === 'spectra' ? `_${shapes}` : ''}`,
    file: {
      schema: 'dose-stream/1',
      mode,
      scenario,
      tolerance: TOLERANCE,
      nominal_dose_per_frame: DOSE,
      dose_unit: 'e/angstrom^2',
      ...reference,
      streams,
    },
  };
}

function generateStream(
  { scenario, mode, shapes = 'A', counts }: DosePlan,
  random: RandomState,
  k: number,
): DoseStream {
  const frames = FRAMES[mode];
  const kinetics = drawKinetics(random, scenario);
  const { doses, dropped } = doseSchedule(random, scenario, frames);
  const period = 40 + 120 * nextUniform(random);
  const phase = 2 * Math.PI * nextUniform(random);
  const shiftPeriod = 60 + 140 * nextUniform(random);
  const shiftPhase = 2 * Math.PI * nextUniform(random);
  const truth: number[] = [];
  const n: (number | null)[] = [];
  const a: (number | null)[] = [];
  const rows: (number[] | null)[] = [];
  let clock = 0;
  let spent = 0;
  let reached: number | null = null;
  doses.forEach((dose, t) => {
    const counted = dose > kinetics.rate ? dose : 0;
    const f = kinetics.fraction(clock + counted / 2);
    const before = clock;
    clock += counted;
    if (reached === null && kinetics.fraction(clock) >= TOLERANCE) reached = (spent + (kinetics.reach - before)) * DOSE;
    spent += dose;
    truth.push(kinetics.fraction(clock));
    const swing = 1 + SWING * Math.sin((2 * Math.PI * t) / period + phase);
    const mean = counts * dose * swing * Math.exp(SCATTER * nextNormal(random));
    if (mode === 'indicator') {
      const share = INTACT + f * (DAMAGED - INTACT);
      const inA = nextPoisson(random, mean * share);
      const inB = nextPoisson(random, mean * (1 - share));
      n.push(dropped[t] === true ? null : inA + inB);
      a.push(dropped[t] === true ? null : inA);
    } else {
      const shift = SHIFT * Math.sin((2 * Math.PI * t) / shiftPeriod + shiftPhase) - SHIFT * Math.sin(shiftPhase);
      rows.push(dropped[t] === true ? null : spectrum(random, SHAPES[shapes], f, shift, mean));
    }
  });
  return {
    id: `${scenario}-${counts}-${k}`,
    counts_per_frame: counts,
    dose_per_frame: doses.map((dose) => dose * DOSE),
    ...(mode === 'indicator' ? { n, k: a } : { counts: rows }),
    truth: { f_end: truth, dose_at_tolerance: reached },
  };
}

function spectrum(random: RandomState, pair: (typeof SHAPES)['A'], f: number, shift: number, mean: number): number[] {
  const intact = shiftedShape(pair.intact, shift);
  const damaged = shiftedShape(pair.damaged, shift);
  const mixture = intact.map((value, i) => value + f * (damaged[i]! - value));
  const total = mixture.reduce((sum, value) => sum + value, 0);
  return mixture.map((value) => nextPoisson(random, (mean * value) / total));
}
