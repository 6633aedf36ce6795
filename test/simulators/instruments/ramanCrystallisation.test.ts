import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../simulators/createSimulator.ts';
import type { SimulatorOptions, Truth } from '../../../simulators/simulator.ts';
import type { InstrumentCommand } from '../../../src/model/instrumentCommand.ts';

const run = (
  scenario: string,
  frames: number,
  options: SimulatorOptions = {},
  orders: Readonly<Record<number, InstrumentCommand>> = {},
): Truth[] => {
  const simulator = createSimulator(`raman-crystallisation:${scenario}`, { channels: 64, ...options });
  return Array.from({ length: frames }, (_, i) => {
    if (i in orders) simulator.command(orders[i]);
    return structuredClone(simulator.next().truth);
  });
};

describe('silicon under a laser', () => {
  it('crystallises near 900 K when it is heated', () => {
    const truths = run('anneal', 320);
    const half = truths.find(({ state }) => state.crystalline > 0.45);
    expect(half?.state.temperature).toBeGreaterThan(880);
    expect(half?.state.temperature).toBeLessThan(920);
    expect(truths[0].change).toBeLessThan(1e-3);
    expect(truths[319].change).toBeGreaterThan(0.99);
    expect(truths[319].state.line).toBeLessThan(truths[0].state.line - 3);
  });

  it('is crystallised by a strong laser: by dose, and no more once it is cold', () => {
    const strong = run('damage', 400, { eventAtFrame: 50 });
    expect(strong[49].change).toBe(0);
    expect(strong[399].dose).toBeCloseTo(400 * 5e-3, 9);
    expect(strong[399].change).toBeCloseTo(1 - Math.exp(-349.5 * 5e-3), 6);
    const dimmed = run('damage', 400, { eventAtFrame: 50 }, { 150: { command: 'beam', relative: 0.5 } });
    expect(dimmed[399].state.temperature).toBeLessThan(530);
    expect(dimmed[399].change).toBeCloseTo(dimmed[155].change, 9);
    expect(dimmed[155].change).toBeGreaterThan(0.3);
  });

  it('is not harmed by a weak laser, whatever the dose', () => {
    const truths = run('damage', 200, { eventAtFrame: 10, start: { power: 3 } });
    expect(truths[199].state.crystalline).toBe(0);
  });

  it('is warmed by the laser, so that its line moves with the power', () => {
    const truths = run('drift-only', 300);
    for (const { state, nuisances } of truths)
      expect(state.temperature).toBeCloseTo(295 + 60 * (1 + nuisances.intensity), 9);
  });

  it('shows its fluorescence anew on a fresh area', () => {
    const simulator = createSimulator('raman-crystallisation:null-move', {
      channels: 64,
      eventAtFrame: 5,
      start: { power: 50 },
    });
    const totals = Array.from({ length: 7 }, () => {
      const { frame, truth } = simulator.next();
      return {
        counts: frame.values.reduce((a, b) => a + b, 0) / truth.state.focus,
        fluorescence: truth.state.fluorescence,
      };
    });
    expect(totals[6].fluorescence).toBeGreaterThan(totals[4].fluorescence);
    expect(totals[5].counts).toBeGreaterThan(totals[4].counts);
  });

  it('refuses what cannot be', () => {
    const start = { stage: -3 };
    expect(() => createSimulator('raman-crystallisation:steady', { start })).toThrow(
      'stage is -3, expected 1 to 1600 K',
    );
  });
});
