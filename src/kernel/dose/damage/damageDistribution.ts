import { fallingRoot } from '../../change/normalTail.ts';
import { clocksAfter, type DamageState, type DamageWork } from './damageAccount.ts';
import { damageFractions } from './damageKinetics.ts';
import { bankMean, bankOver, bankVariance } from './kalmanBank.ts';
import { gridOver } from './kineticGrid.ts';

/** A value with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

const BINS = 256;
/** Standard deviations on either side that the quantiles are looked for in. */
const REACH = 8;
const TAIL = 0.025;

/**
 * Probability that the tolerance is passed a dose `ahead` of now.
 *
 * @param rate - of that dose, in the unit of the rates before.
 */
export function damageOver(state: DamageState, work: DamageWork, ahead: number, rate: number): number {
  const { filters, kinetics, clocks, options } = work;
  clocksAfter(state, ahead, rate, clocks);
  let sum = state.shares[0]! * gridOver(state.grid, kinetics, clocks);
  for (let k = 0; k < filters.length; k++)
    sum += state.shares[k + 1]! * bankOver(state.bank, filters[k]!, k, ahead, options.tolerance);
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
  const { kinetics, filters, fractions, scratch } = work;
  const { weights } = state.grid;
  const own = state.shares[0]!;
  damageFractions(kinetics, state.clocks, fractions);
  let mean = 0;
  let square = 0;
  for (let i = 0; i < kinetics.count; i++) {
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
  const bins = scratch[0].fill(0, 0, BINS + 2);
  for (let i = 0; i < kinetics.count; i++) {
    const f = fractions[i]!;
    const x = state.clocks[kinetics.clock[i]!]!;
    const since = x - kinetics.delay[i]!;
    // Half the width of its cell, from the slope of f in ln(reach).
    const half = since > 0 ? 0.25 * f * (1 - 0.5 * f) * kinetics.twicePower[i]! * (x / since) * kinetics.cell[i]! : 0;
    addMass(bins, (f - 0.5 * half - from) / pitch, 0.5 * own * weights[i]!);
    addMass(bins, (f + 0.5 * half - from) / pitch, 0.5 * own * weights[i]!);
  }
  accumulate(bins);
  const above = (f: number): number => {
    let sum = own - massBelow(bins, (f - from) / pitch);
    for (let k = 0; k < filters.length; k++) sum += state.shares[k + 1]! * bankOver(state.bank, filters[k]!, k, 0, f);
    return sum;
  };
  const to = mean + REACH * deviation;
  out.value = mean;
  out.low = Math.min(
    1,
    Math.max(
      0,
      fallingRoot((f) => above(f) - (1 - TAIL), from, to),
    ),
  );
  out.high = Math.min(
    1,
    Math.max(
      0,
      fallingRoot((f) => above(f) - TAIL, from, to),
    ),
  );
  return deviation;
}

/**
 * Dose at which the tolerance is reached if damage goes on as now, and its 95 % interval; Infinity where that cannot be told.
 *
 * @param rate - of the dose to come.
 */
export function damageReach(state: DamageState, work: DamageWork, rate: number, out: Estimate): void {
  const now = state.clocks[0]!;
  const most = Math.exp(3.5 * work.options.spread) + now;
  const under = (dose: number): number => 1 - damageOver(state, work, dose - now, rate);
  const quantile = (probability: number): number => {
    if (1 - under(most) < probability) return Infinity;
    if (1 - under(most * 1e-4) > probability) return most * 1e-4;
    let low = Math.log(most * 1e-4);
    let high = Math.log(most);
    for (let k = 0; k < 14; k++) {
      const middle = 0.5 * (low + high);
      if (1 - under(Math.exp(middle)) < probability) low = middle;
      else high = middle;
    }
    return Math.exp(0.5 * (low + high));
  };
  out.value = quantile(0.5);
  out.low = quantile(TAIL);
  out.high = quantile(1 - TAIL);
}

/** Characteristic dose De of f = 1 - exp(-D / De), among the exponential hypotheses alone. */
export function characteristicDose(state: DamageState, { kinetics }: DamageWork, out: Estimate): void {
  const { count, reach, delay, twicePower, clock, hazard, cell } = kinetics;
  const { weights } = state.grid;
  const isPlain = (i: number): boolean =>
    twicePower[i] === 2 && clock[i] === 0 && delay[i] === 0 && reach[i]! < Infinity;
  let total = 0;
  for (let i = 0; i < count; i++) if (isPlain(i)) total += weights[i]!;
  let sum = 0;
  out.low = out.value = out.high = 0;
  for (let i = 0; i < count; i++) {
    if (!isPlain(i)) continue;
    const share = weights[i]! / total;
    const at = (probability: number): number =>
      (reach[i]! * Math.exp(cell[i]! * ((probability - sum) / share - 0.5))) / hazard;
    if (sum < TAIL && sum + share >= TAIL) out.low = at(TAIL);
    if (sum < 0.5 && sum + share >= 0.5) out.value = at(0.5);
    if (sum < 1 - TAIL && sum + share >= 1 - TAIL) out.high = at(1 - TAIL);
    sum += share;
  }
}

function addMass(bins: Float64Array, place: number, mass: number): void {
  bins[Math.min(BINS, Math.max(0, Math.floor(place) + 1))]! += mass;
}
function accumulate(bins: Float64Array): void {
  for (let k = 1; k <= BINS; k++) bins[k]! += bins[k - 1]!;
}
/** Mass below a place; within a bin in proportion. */
function massBelow(bins: Float64Array, place: number): number {
  if (!(place > 0)) return 0;
  const k = Math.min(BINS - 1, Math.floor(place));
  return bins[k]! + (bins[k + 1]! - bins[k]!) * Math.min(1, place - k);
}
