import { bankOver } from './bankForecast.ts';
import type { DamageState } from './damageAccount.ts';
import type { Estimate } from './damageDistribution.ts';
import type { DamageWork } from './damageWork.ts';
import { accumulateMass, addMass, BINS, massBelow } from './massHistogram.ts';

const TAIL = 0.025;
/** Doses are looked for down to this share of the highest, in the logarithm. */
const DEPTH = Math.log(1e4);
const STEPS = 16;
/** Probability that is not worth its place. */
const NEGLIGIBLE = 1e-10;

/**
 * Dose at which the tolerance is reached if damage goes on as now, and its 95 % interval; Infinity where that cannot be told.
 *
 * @param rate - of the dose to come, in the unit of the rates before.
 */
export function damageReach(state: DamageState, work: DamageWork, rate: number, out: Estimate): void {
  const { kinetics, filters, options, bins, rates } = work;
  const { clocks, shares, grid } = state;
  const now = clocks[0]!;
  const high = Math.log(Math.exp(3.5 * options.spread) + now);
  const low = high - DEPTH;
  const pitch = DEPTH / BINS;
  bins.fill(0);
  for (let i = 0; i < kinetics.count; i++) {
    const mass = 0.5 * shares[0]! * grid.weights[i]!;
    if (mass < NEGLIGIBLE) continue;
    const clock = kinetics.clock[i]!;
    // By a clock of its own the dose that is left counts only at a rate that is high enough.
    const stands = clock > 0 && state.firstRate > 0 && !(rate > state.firstRate * rates[clock - 1]!);
    const dose = stands ? Infinity : kinetics.reach[i]! + now - clocks[clock]!;
    const log = clock === 0 ? kinetics.logReach[i]! : Math.log(Math.max(dose, 1e-9));
    const place = (log - low) / pitch;
    const quarter = (0.25 * kinetics.cell[i]!) / pitch;
    addMass(bins, place - quarter, mass);
    addMass(bins, place + quarter, mass);
  }
  accumulateMass(bins);
  const over = (log: number): number => {
    const ahead = Math.exp(log) - now;
    let sum = massBelow(bins, (log - low) / pitch);
    for (let k = 0; k < filters.length; k++)
      sum += shares[k + 1]! * bankOver(state.bank, filters[k]!, k, ahead, options.tolerance);
    return sum;
  };
  const quantile = (probability: number): number => {
    if (over(high) < probability) return Infinity;
    let from = low;
    let to = high;
    for (let k = 0; k < STEPS; k++) {
      const middle = 0.5 * (from + to);
      if (over(middle) < probability) from = middle;
      else to = middle;
    }
    return Math.exp(0.5 * (from + to));
  };
  out.value = quantile(0.5);
  out.low = quantile(TAIL);
  out.high = quantile(1 - TAIL);
}
