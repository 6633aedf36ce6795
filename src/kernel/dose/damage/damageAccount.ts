import {
  bankMean,
  correctBank,
  createBankState,
  createFilters,
  giveBankReference,
  predictBank,
  resetBank,
  type BankState,
  type DamageFilter,
} from './kalmanBank.ts';
import { createKinetics, damageFractions } from './damageKinetics.ts';
import type { DamageKinetics, KineticsOptions } from './damageKinetics.ts';
import { createGridState, giveGridReference, resetGrid, weighGrid, type GridState } from './kineticGrid.ts';
import { createMassHistogram } from './massHistogram.ts';
import { createConfidence, weighConfidence, type ConfidenceState } from './confidenceSequence.ts';

/** What the estimate of damage is made with; doses in units of the median of the prior. */
export interface DamageOptions extends Omit<KineticsOptions, 'rates'> {
  /** The intact reference has no error; otherwise {@link giveReference} when it is known. */
  readonly isReferenceExact: boolean;
  /** Keeps all likelihoods, for a confidence sequence. */
  readonly isGuaranteed: boolean;
}

/** Derived once. */
export interface DamageWork {
  readonly options: DamageOptions;
  readonly kinetics: DamageKinetics;
  readonly filters: readonly DamageFilter[];
  /** [1 + filters] shares that the experts begin with and are drawn back to. */
  readonly shares: Float64Array;
  readonly clocks: Float64Array;
  readonly fractions: Float64Array;
  readonly scratch: readonly [Float64Array, Float64Array];
  readonly evidence: Float64Array;
  /** Multiples of the first rate of dose, one per clock after the first. */
  readonly rates: readonly number[];
  readonly bins: Float64Array;
}

/** What is known of the damage of one area: plain data of constant size. */
export type DamageState = {
  /** [1 + rates] dose by each clock. */
  clocks: Float64Array;
  /** The first rate of dose seen, 0 before; the rates of the hypotheses are multiples of it. */
  firstRate: number;
  grid: GridState;
  bank: BankState;
  /** [1 + filters] posterior probability of each expert: the grid, then the filters. */
  shares: Float64Array;
  confidence: ConfidenceState;
};

/** Multiples of the first rate of dose below which nothing may happen: levels a factor of two apart are told from each other. */
const RATES = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((power) => 2 ** power);
const GRID = 0.6;
const STRAIGHT = 0.24;
const CURVED = 0.16;
/** Of its share, what an expert gives back to the beginning, per unit of dose. */
const FORGETTING = 42 * 0.03;
/** At most so much in one step. */
const MOST_FORGOTTEN = 0.2;

/** @throws RangeError for a tolerance outside (0, 1). */
export function createDamageWork(options: DamageOptions): DamageWork {
  const { tolerance, isExponential } = options;
  if (!(tolerance > 0 && tolerance < 1)) throw new RangeError(`tolerance is ${tolerance}, expected 0 to 1`);
  const kinetics = createKinetics({ ...options, rates: isExponential ? [] : RATES });
  const filters = isExponential ? [] : createFilters(tolerance);
  const straight = filters.filter(({ order }) => order === 1).length;
  const shares = filters.map(({ order }) => (order === 1 ? STRAIGHT / straight : CURVED / (filters.length - straight)));
  return {
    options,
    kinetics,
    filters,
    shares: Float64Array.from(isExponential ? [1] : [GRID, ...shares]),
    clocks: new Float64Array(isExponential ? 1 : 1 + RATES.length),
    fractions: new Float64Array(kinetics.count),
    scratch: [new Float64Array(kinetics.count), new Float64Array(kinetics.count)],
    evidence: new Float64Array(filters.length),
    rates: RATES,
    bins: createMassHistogram(),
  };
}

/** An area that has received nothing. */
export function createDamageState({ options, kinetics, filters, shares, clocks }: DamageWork): DamageState {
  return {
    clocks: clocks.slice(),
    firstRate: 0,
    grid: createGridState(kinetics, options.isReferenceExact),
    bank: createBankState(filters, options.tolerance),
    shares: shares.slice(),
    confidence: createConfidence(options.isGuaranteed ? kinetics.count : 0),
  };
}

/** A fresh area: the prior again, in place. */
export function resetDamage(state: DamageState, { options, kinetics, filters, shares }: DamageWork): void {
  state.clocks.fill(0);
  state.firstRate = 0;
  resetGrid(state.grid, kinetics);
  resetBank(state.bank, filters, options.tolerance);
  state.shares.set(shares);
  state.confidence.logLikelihood.fill(0);
}

/**
 * The intact reference is known now; no frame has said anything before.
 *
 * @param variance - of its damage fraction.
 * @param middle - at what share of the dose received until now it was measured; 0: on undamaged material.
 */
export function giveReference(state: DamageState, work: DamageWork, variance: number, middle: number): void {
  const { kinetics, filters, clocks, options } = work;
  const dose = state.clocks[0]!;
  for (let k = 0; k < clocks.length; k++) clocks[k] = middle * state.clocks[k]!;
  giveGridReference(state.grid, kinetics, clocks, variance);
  giveBankReference(state.bank, filters, options.tolerance, dose, middle * dose, variance);
}

/**
 * Dose by every clock, some dose from now.
 *
 * @param rate - of that dose, in any unit, always the same.
 * @param out - [1 + rates] overwritten; may be `state.clocks`.
 */
export function clocksAfter({ clocks, firstRate }: DamageState, dose: number, rate: number, out: Float64Array): void {
  out[0] = clocks[0]! + dose;
  for (let k = 1; k < out.length; k++) {
    const counts = firstRate === 0 || rate > firstRate * RATES[k - 1]!;
    out[k] = clocks[k]! + (counts ? dose : 0);
  }
}

/** Dose without data: dropped frames, or half a frame. */
export function advanceDamage(state: DamageState, work: DamageWork, dose: number, rate: number): void {
  if (!(dose > 0)) return;
  if (state.firstRate === 0 && rate > 0) state.firstRate = rate;
  clocksAfter(state, dose, rate, state.clocks);
  predictBank(state.bank, work.filters, dose);
}

/**
 * One frame: dose `dose` at `rate`, and in its middle an estimate of the damage fraction with its variance.
 * A frame of infinite variance is dose without data.
 */
export function observeDamage(
  state: DamageState,
  work: DamageWork,
  dose: number,
  rate: number,
  fraction: number,
  variance: number,
): void {
  const { kinetics, scratch, evidence, options } = work;
  const { shares } = state;
  advanceDamage(state, work, dose / 2, rate);
  if (variance > 0 && variance < Infinity) {
    correctBank(state.bank, fraction, variance, evidence);
    if (options.isGuaranteed) weighConfidence(state.confidence, kinetics, state.clocks, fraction, variance, scratch[0]);
    const first = weighGrid(state.grid, kinetics, state.clocks, fraction, variance, scratch);
    let best = first;
    for (const log of evidence) best = Math.max(best, log);
    let sum = 0;
    for (let k = 0; k < shares.length; k++) {
      shares[k]! *= Math.exp((k === 0 ? first : evidence[k - 1]!) - best);
      sum += shares[k]!;
    }
    const back = Math.min(MOST_FORGOTTEN, 1 - Math.exp(-FORGETTING * dose));
    for (let k = 0; k < shares.length; k++) shares[k] = ((1 - back) * shares[k]!) / sum + back * work.shares[k]!;
  }
  advanceDamage(state, work, dose / 2, rate);
}

/** Damage fraction expected now. */
export function expectedDamage(state: DamageState, { kinetics, filters, fractions }: DamageWork): number {
  damageFractions(kinetics, state.clocks, fractions);
  const { weights } = state.grid;
  let mean = 0;
  for (let i = 0; i < kinetics.count; i++) mean += weights[i]! * fractions[i]!;
  mean *= state.shares[0]!;
  for (let k = 0; k < filters.length; k++) mean += state.shares[k + 1]! * bankMean(state.bank, k, 0);
  return mean;
}
