import { bankMean, bankOver, bankVariance } from './bankForecast.ts';
import { clocksAfter, type DamageState } from './damageAccount.ts';
import { damageFractions } from './damageKinetics.ts';
import type { DamageWork } from './damageWork.ts';
import { gridOver } from './kineticGrid.ts';
import { accumulateMass, addMass, BINS, massBelow } from './massHistogram.ts';

/** A value with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** Standard deviations on either side that the quantiles are looked for in. */
const REACH = 8;
const TAIL = 0.025;
const STEPS = 16;
/** Probability that is not worth its place. */
const NEGLIGIBLE = 1e-10;

/**
 * Probability that the tolerance is passed a dose `ahead` of now.
 *
 * @param rate - of that dose, in the unit of the rates before.
 */
export function damageOver(state: DamageState, work: DamageWork, ahead: number, rate: number): number {
  const { filters, kinetics, clocks, options } = work;
  clocksAfter(state, work, ahead + state.held.dose, rate, clocks);
  let sum = state.shares[0]! * gridOver(state.grid, kinetics, clocks);
  for (let k = 0; k < filters.length; k++)
    sum += state.shares[k + 1]! * bankOver(state.bank, filters[k]!, k, ahead + state.held.dose, options.tolerance);
  return Math.min(1, sum);
}

/** Mean and standard deviation of the damage fraction by the filters alone, which know no sign. */
export function bankMoments(state: DamageState, { filters }: DamageWork): { mean: number; deviation: number } {
  let weight = 0;
  let mean = 0;
  let square = 0;
  for (let k = 0; k < filters.length; k++) {
    const share = state.shares[k + 1]!;
    const each = bankMean(state.bank, k, 0);
    weight += share;
    mean += share * each;
    square += share * (each * each + bankVariance(state.bank, filters[k]!, k, 0));
  }
  if (weight === 0) return { mean: 0, deviation: Infinity };
  mean /= weight;
  return { mean, deviation: Math.sqrt(Math.max(0, square / weight - mean * mean)) };
}

/**
 * Damage fraction now.
 *
 * @returns its standard deviation; mean and 95 % interval in `out`, the interval cut to 0..1.
 */
export function damageNow(state: DamageState, work: DamageWork, out: Estimate): number {
  const { kinetics, filters, fractions, bins } = work;
  const { weights } = state.grid;
  const own = state.shares[0]!;
  damageFractions(kinetics, state.clocks, fractions, weights);
  let mean = 0;
  let square = 0;
  for (let i = 0; i < kinetics.count; i++) {
    if (weights[i] === 0) continue;
    const f = fractions[i]!;
    mean += weights[i]! * f;
    square += weights[i]! * f * f;
  }
  mean *= own;
  square *= own;
  for (let k = 0; k < filters.length; k++) {
    const each = bankMean(state.bank, k, 0);
    mean += state.shares[k + 1]! * each;
    square += state.shares[k + 1]! * (each * each + bankVariance(state.bank, filters[k]!, k, 0));
  }
  const deviation = Math.sqrt(Math.max(square - mean * mean, 1e-18));
  const from = mean - REACH * deviation;
  const pitch = (2 * REACH * deviation) / BINS;
  bins.fill(0);
  for (let i = 0; i < kinetics.count; i++) {
    if (weights[i]! < NEGLIGIBLE) continue;
    const f = fractions[i]!;
    const x = state.clocks[kinetics.clock[i]!]!;
    const since = x - kinetics.delay[i]!;
    // Half the width of its cell, from the slope of f in ln(reach).
    const half = since > 0 ? 0.25 * f * (1 - 0.5 * f) * kinetics.twicePower[i]! * (x / since) * kinetics.cell[i]! : 0;
    addMass(bins, (f - 0.5 * half - from) / pitch, 0.5 * own * weights[i]!);
    addMass(bins, (f + 0.5 * half - from) / pitch, 0.5 * own * weights[i]!);
  }
  accumulateMass(bins);
  const above = (f: number): number => {
    let sum = own - massBelow(bins, (f - from) / pitch);
    for (let k = 0; k < filters.length; k++) sum += state.shares[k + 1]! * bankOver(state.bank, filters[k]!, k, 0, f);
    return sum;
  };
  const quantile = (probability: number): number => {
    let low = from;
    let high = mean + REACH * deviation;
    for (let k = 0; k < STEPS; k++) {
      const middle = 0.5 * (low + high);
      if (above(middle) > probability) low = middle;
      else high = middle;
    }
    return 0.5 * (low + high);
  };
  out.value = mean;
  out.low = Math.min(1, Math.max(0, quantile(1 - TAIL)));
  out.high = Math.min(1, Math.max(0, quantile(TAIL)));
  return deviation;
}
