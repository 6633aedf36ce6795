import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../simulators/createSimulator.ts';
import type { SimulatorOptions, Truth } from '../../../simulators/simulator.ts';

interface Kept {
  readonly truth: Truth;
  readonly slow: Readonly<Record<string, number>>;
}
const run = (scenario: string, frames: number, options: SimulatorOptions = {}): Kept[] => {
  const simulator = createSimulator(`xps-reduction:${scenario}`, { channels: 64, slowPeriodUs: 1e7, ...options });
  return Array.from({ length: frames }, () => {
    const { truth, slow } = simulator.next();
    return {
      truth: structuredClone(truth),
      slow: Object.fromEntries(slow.map(({ name, value }) => [name, value])),
    };
  });
};

describe('ceria under X-rays', () => {
  it('is reduced while hydrogen flows and oxidised while oxygen does', () => {
    const frames = run('redox', 450, { eventAtFrame: 20 });
    const reduced = frames.map(({ truth }) => truth.state.reduced);
    expect(reduced[19]).toBeCloseTo(0.05, 12);
    expect(reduced[145]).toBeCloseTo(0.9, 12);
    expect(reduced[449]).toBeCloseTo(0.05, 12);
    expect(frames[80].slow.hydrogenFlow).toBeGreaterThan(19);
    expect(frames[80].slow.pressure).toBeGreaterThan(1e-3);
    expect(frames[320].slow.oxygenFlow).toBeGreaterThan(19);
    expect(frames[10].slow.hydrogenFlow).toBeLessThan(1);
  });

  it('is reduced by the beam to less, first order in minutes of exposure', () => {
    const { truth, slow } = run('damage', 1820, { eventAtFrame: 20 })[1819];
    const minutes = (1799.5 * 10) / 60;
    expect(truth.state.reduced).toBeCloseTo(0.05 + 0.35 * (1 - Math.exp(-minutes / 600)), 9);
    expect(truth).toMatchObject({ cause: 'beam', doseUnit: 'min' });
    expect(truth.dose).toBeCloseTo((1820 * 10) / 60, 6);
    expect(slow.hydrogenFlow).toBeLessThan(1);
  });

  it('refuses what cannot be', () => {
    const refused = (start: Record<string, number>) => () => createSimulator('xps-reduction:steady', { start });
    expect(refused({ temperature: -1 })).toThrow('temperature is -1, expected 0 to 2000 K');
    expect(refused({ reduced: 1.1 })).toThrow('reduced is 1.1, expected 0 to 1');
  });
});
