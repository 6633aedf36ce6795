import { createConfidence, weighConfidence, type ConfidenceState } from './confidenceSequence.ts';
import type { DamageWork } from './damageWork.ts';
import {
  correctBank,
  createBankState,
  giveBankReference,
  predictBank,
  resetBank,
  type BankState,
} from './kalmanBank.ts';
import { createGridState, giveGridReference, resetGrid, weighGrid, type GridState } from './kineticGrid.ts';

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
  /** Frames that wait to be taken together: their dose, and the sums of 1 / variance and fraction / variance. */
  held: { dose: number; precision: number; sum: number };
};

/** Of its share, what an expert gives back to the beginning, per unit of dose. */
const FORGETTING = 42 * 0.03;
/** At most so much in one step. */
const MOST_FORGOTTEN = 0.2;

/** An area that has received nothing. */
export function createDamageState({ options, kinetics, filters, shares, clocks }: DamageWork): DamageState {
  return {
    clocks: new Float64Array(clocks.length),
    firstRate: 0,
    grid: createGridState(kinetics, options.isReferenceExact),
    bank: createBankState(filters, options.tolerance),
    shares: shares.slice(),
    confidence: createConfidence(options.isGuaranteed ? kinetics.count : 0),
    held: { dose: 0, precision: 0, sum: 0 },
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
  state.held.dose = state.held.precision = state.held.sum = 0;
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
export function clocksAfter(
  { clocks, firstRate }: DamageState,
  { rates }: DamageWork,
  dose: number,
  rate: number,
  out: Float64Array,
): void {
  out[0] = clocks[0]! + dose;
  for (let k = 1; k < out.length; k++) {
    const counts = firstRate === 0 || rate > firstRate * rates[k - 1]!;
    out[k] = clocks[k]! + (counts ? dose : 0);
  }
}

/** Dose without data: dropped frames, or half a frame. */
export function advanceDamage(state: DamageState, work: DamageWork, dose: number, rate: number): void {
  if (!(dose > 0)) return;
  if (state.firstRate === 0 && rate > 0) state.firstRate = rate;
  clocksAfter(state, work, dose, rate, state.clocks);
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
