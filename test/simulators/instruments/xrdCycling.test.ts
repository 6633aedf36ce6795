import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../simulators/createSimulator.ts';
import type { SimulatorOptions, Truth } from '../../../simulators/simulator.ts';
import { IRON_PHOSPHATE_CELL } from '../../../simulators/parts/cellPotential.ts';
import { goldenOf } from '../../support/simulatorGolden.ts';

interface Kept {
  readonly truth: Truth;
  readonly slow: Readonly<Record<string, number>>;
}
const run = (scenario: string, frames: number, options: SimulatorOptions = {}): Kept[] => {
  const simulator = createSimulator(`xrd-cycling:${scenario}`, { channels: 64, slowPeriodUs: 1e6, ...options });
  return Array.from({ length: frames }, () => {
    const { truth, slow } = simulator.next();
    return {
      truth: structuredClone(truth),
      slow: Object.fromEntries(slow.map(({ name, value }) => [name, value])),
    };
  });
};

describe('a battery in the beam', () => {
  it('has the potential of the reference', () => {
    const golden = goldenOf('kinetics') as unknown as readonly {
      readonly voltage: { readonly LFP: readonly (readonly [number, number])[] };
    }[];
    for (const [removed, potential] of golden.flatMap(({ voltage }) => voltage.LFP))
      expect(IRON_PHOSPHATE_CELL.potential(removed)).toBeCloseTo(potential, 7);
  });

  it('turns back at the cut-off, and the spot with it', () => {
    const frames = run('cycle-phosphate', 700);
    const removed = frames.map(({ truth }) => truth.state.removed);
    const turn = removed.indexOf(Math.max(...removed));
    expect(turn).toBeGreaterThan(200);
    expect(removed[699]).toBeLessThan(0.9);
    expect(frames[turn].truth.change).toBe(0);
    expect(frames[turn + 2].truth.change).toBeGreaterThan(0);
    expect(frames[turn - 5].slow.current).toBeCloseTo(9, 1);
    expect(frames[turn + 5].slow.current).toBeCloseTo(-9, 1);
    expect(Math.max(...frames.map(({ slow }) => slow.potential))).toBeGreaterThan(3.68);
  });

  it('lags behind the cell by the dose it got, while the potential goes on', () => {
    const frames = run('damage', 1500, { eventAtFrame: 100 });
    const { state } = frames[1499].truth;
    const rate = 1 / 3600;
    expect(state.charge).toBeCloseTo(0.2 + 1500 * rate, 3);
    const harmed = (dose: number): number => Math.exp(-Math.max(0, dose - 1100 * 100) / 2e6);
    const moved = frames.reduce((sum, _, i) => sum + rate * harmed(1100 * (i + 0.5)), 0);
    expect(state.removed).toBeCloseTo(0.2 + moved, 3);
    expect(state.removed).toBeLessThan(state.charge - 0.1);
  });

  it('leaves a frozen part where it was', () => {
    const frames = run('inactive', 700, { eventAtFrame: 50 });
    const { state } = frames[699].truth;
    expect(state.inactive).toBeCloseTo(0.33, 9);
    expect(state.inactiveRemoved).toBeCloseTo(frames[49].truth.state.removed, 9);
    expect(state.removed).toBeGreaterThan(state.inactiveRemoved + 0.15);
  });

  it('swells with its charge', () => {
    const frames = run('event-fast', 40, { eventAtFrame: 20 });
    expect(frames[39].truth.state.closer - frames[0].truth.state.closer).toBeCloseTo(0.078, 6);
  });

  it('refuses a cell that cannot be', () => {
    const start = { removed: 1.2 };
    expect(() => createSimulator('xrd-cycling:steady', { start })).toThrow('removed is 1.2, expected 0 to 1');
  });
});
