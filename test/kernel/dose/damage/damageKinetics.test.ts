import { describe, expect, it } from 'vitest';
import { createKinetics, damageFractions } from '../../../../src/kernel/dose/damage/damageKinetics.ts';
import { createGridState, gridOver, weighGrid } from '../../../../src/kernel/dose/damage/kineticGrid.ts';
import {
  createConfidence,
  confidenceOver,
  weighConfidence,
} from '../../../../src/kernel/dose/damage/confidenceSequence.ts';

const options = { tolerance: 0.05, spread: 0.7, isExponential: false, lowest: 0, rates: [1, 2] };
const kinetics = createKinetics(options);
const clocks = (dose: number): Float64Array => new Float64Array(3).fill(dose);

describe('the grid of kinetics', () => {
  it('is a prior: probabilities that are together 1, half of the damaged ones below the median', () => {
    expect(kinetics.prior.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    let below = 0;
    let damaged = 0;
    kinetics.prior.forEach((weight, i) => {
      if (kinetics.reach[i] === Infinity) return;
      damaged += weight;
      if (kinetics.reach[i]! < 1) below += weight;
    });
    expect(below / damaged).toBeCloseTo(0.5, 2);
    expect(1 - damaged).toBeCloseTo(0.1, 12);
  });
  it('has every hypothesis pass the tolerance at its own dose', () => {
    const out = new Float64Array(kinetics.count);
    for (let i = 1; i < kinetics.count; i += 97) {
      damageFractions(kinetics, clocks(kinetics.reach[i]!), out);
      expect(out[i]).toBeCloseTo(0.05, 12);
    }
    damageFractions(kinetics, clocks(0), out);
    expect(Math.max(...out)).toBe(0);
  });
  it('counts dose below a rate only by the clocks that do', () => {
    const out = new Float64Array(kinetics.count);
    damageFractions(kinetics, Float64Array.of(1, 1, 0), out);
    kinetics.clock.forEach((clock, i) => {
      if (clock === 2) expect(out[i]).toBe(0);
      if (clock === 1) expect(out[i]).toBeGreaterThan(0);
    });
  });
  it('keeps probabilities that are together 1, and moves them to where the data are', () => {
    const state = createGridState(kinetics, true);
    const scratch = [new Float64Array(kinetics.count), new Float64Array(kinetics.count)] as const;
    const before = gridOver(state, kinetics, clocks(1));
    for (let dose = 0.1; dose < 0.5; dose += 0.1) weighGrid(state, kinetics, clocks(dose), 0.1 * dose, 1e-6, scratch);
    expect(state.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    // f = 0.1 dose passes the tolerance at 0.5.
    expect(before).toBeLessThan(0.6);
    expect(gridOver(state, kinetics, clocks(0.45))).toBeLessThan(0.01);
    expect(gridOver(state, kinetics, clocks(0.56))).toBeGreaterThan(0.99);
  });
  it('gives the logarithm of the predictive density', () => {
    const state = createGridState(kinetics, true);
    const scratch = [new Float64Array(kinetics.count), new Float64Array(kinetics.count)] as const;
    // Before any dose, every hypothesis says 0.
    expect(weighGrid(state, kinetics, clocks(0), 0.3, 0.04, scratch)).toBeCloseTo(
      -0.5 * (0.3 ** 2 / 0.04) - 0.5 * Math.log(2 * Math.PI * 0.04),
      12,
    );
  });
});

describe('the confidence sequence', () => {
  const exponential = createKinetics({ ...options, isExponential: true, lowest: 0.25, rates: [] });
  it('rules out nothing before it has seen data, and allows what no hypothesis forbids', () => {
    const state = createConfidence(exponential.count);
    expect(confidenceOver(state, exponential, 0.24)).toBe(0);
    expect(confidenceOver(state, exponential, 0.3)).toBeCloseTo(1, 9);
  });
  it('rules out early doses when there is no damage', () => {
    const state = createConfidence(exponential.count);
    const scratch = new Float64Array(exponential.count);
    for (let dose = 0.02; dose < 0.24; dose += 0.02)
      weighConfidence(state, exponential, Float64Array.of(dose), 0, 1e-4, scratch);
    const over = [0.3, 0.5, 1, 2].map((dose) => confidenceOver(state, exponential, dose));
    expect(over[0]).toBeLessThan(0.05);
    for (let k = 1; k < over.length; k++) expect(over[k]).toBeGreaterThanOrEqual(over[k - 1]!);
    expect(over.at(-1)).toBeGreaterThan(0.05);
  });
});
