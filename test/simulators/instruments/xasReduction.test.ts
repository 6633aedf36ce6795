import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../simulators/createSimulator.ts';
import type { SimulatorOptions, Truth } from '../../../simulators/simulator.ts';
import { FrameFlag } from '../../../src/model/frame.ts';

const ONSET = 20;
interface Kept {
  readonly values: Float64Array;
  readonly variances: Float64Array;
  readonly flags: number;
  readonly truth: Truth;
  readonly slow: Readonly<Record<string, number>>;
}
const run = (scenario: string, frames: number, options: SimulatorOptions = {}): Kept[] => {
  const simulator = createSimulator(`xas-reduction:${scenario}`, { channels: 256, eventAtFrame: ONSET, ...options });
  return Array.from({ length: frames }, () => {
    const { frame, truth, slow } = simulator.next();
    return {
      values: frame.values.slice(),
      variances: frame.variances!.slice(),
      flags: frame.flags,
      truth: structuredClone(truth),
      slow: Object.fromEntries(slow.map(({ name, value }) => [name, value])),
    };
  });
};
/** Mean of the points between two energies, of 4 eV each. */
const level = (values: Float64Array, from: number, to: number): number => {
  const part = values.subarray(Math.ceil((from - 8200) / 4), Math.ceil((to - 8200) / 4));
  return part.reduce((a, b) => a + b, 0) / part.length;
};
const whiteLine = ({ values }: Kept): number => level(values, 8348, 8354) - level(values, 8210, 8310);

describe('a scan over the nickel edge', () => {
  it('is absorption with honest variances', () => {
    const simulator = createSimulator('xas-reduction:steady', { channels: 256 });
    expect(simulator.layout).toMatchObject({ quantity: 'absorbance', noise: 'gaussian' });
    const frames = run('steady', 400);
    let sum = 0;
    for (let i = 0; i < 256; i++) {
      const mean = frames.reduce((all, { values }) => all + values[i]!, 0) / frames.length;
      const stated = frames.reduce((all, { variances }) => all + variances[i]!, 0) / frames.length;
      sum += frames.reduce((all, { values }) => all + (values[i]! - mean) ** 2, 0) / (frames.length - 1) / stated;
    }
    expect(Math.abs(sum / 256 - 1)).toBeLessThan(4 * Math.sqrt(2 / (400 * 256)));
  });

  it('loses its white line when the oxide is reduced, and gets it back', () => {
    const frames = run('return', 260);
    expect(whiteLine(frames[ONSET + 100]!)).toBeLessThan(0.85 * whiteLine(frames[0]!));
    expect(whiteLine(frames[259]!)).toBeCloseTo(whiteLine(frames[0]!), 1);
    expect(frames.map(({ slow }) => slow.massWater ?? 0).reduce((a, b) => Math.max(a, b))).toBeGreaterThan(1e-10);
  });

  it('sees what changes during a scan at the energy the scan has got to, up and down by turns', () => {
    const frames = run('event-fast', ONSET + 8);
    const growths = frames.slice(ONSET, ONSET + 4).map(({ truth }) => Math.sign(truth.state.metalGrowth!));
    expect(growths).toEqual([1, -1, 1, -1]);
    expect(frames[ONSET - 1]!.truth.state.metalGrowth).toBe(0);
  });

  it('drifts: monochromator, hysteresis by turns, top-ups, thickness, dark current', () => {
    const frames = run('drift-only', 200);
    const of = (name: string): number[] => frames.map(({ truth }) => truth.nuisances[name]!);
    expect(of('hysteresis').map((value) => Math.round(value * 1e6))).toEqual(
      frames.map((_, i) => (i % 2 === 0 ? 50_000 : -50_000)),
    );
    expect(Math.min(...of('intensity'))).toBeLessThan(-0.006);
    expect(of('intensity').filter((value, i, all) => value > (all[i - 1] ?? value) + 0.005).length).toBe(1);
    for (const name of ['shift', 'thickness', 'dark', 'temperature']) expect(new Set(of(name)).size).toBe(200);
  });

  it('does not show a refilled ring: incident and transmitted beam fall alike', () => {
    const frames = run('fault-refill', 40);
    expect(frames[ONSET]!.truth.state.beam).toBeGreaterThan(frames[ONSET - 1]!.truth.state.beam!);
    expect(level(frames[ONSET]!.values, 8400, 9200)).toBeCloseTo(level(frames[ONSET - 1]!.values, 8400, 9200), 3);
  });

  it('is finite without beam, and shifted afterwards', () => {
    const frames = run('fault-trip', 200);
    expect(frames[ONSET + 5]!.truth.faults).toEqual(['trip']);
    expect(frames[ONSET + 5]!.values.every((value) => Math.abs(value) < 0.01)).toBe(true);
    expect(frames[ONSET + 5]!.variances[0]).toBeCloseTo(2, 6);
    expect(Math.abs(frames[180]!.truth.state.shift!)).toBeGreaterThan(0.05);
  });

  it('saturates behind the sample, where little is absorbed', () => {
    const frames = run('fault-saturate', 25, { channels: 1024 });
    expect(frames[ONSET - 1]!.flags & FrameFlag.saturated).toBe(0);
    expect(frames[ONSET]!.flags & FrameFlag.saturated).toBe(FrameFlag.saturated);
    expect(frames[ONSET]!.values[50]!).toBeGreaterThan(frames[0]!.values[50]! + 0.4);
    expect(frames[ONSET]!.values[150]!).toBeCloseTo(frames[0]!.values[150]!, 1);
  });

  it('is another thickness after a move: all absorption in proportion', () => {
    const frames = run('null-move', 40);
    const ratio = frames[39]!.truth.state.thickness! / frames[0]!.truth.state.thickness!;
    expect(Math.abs(ratio - 1)).toBeGreaterThan(1e-3);
    const offset = Math.log(1 / 0.8);
    for (const [from, to] of [
      [8210, 8310],
      [8400, 8600],
    ] as const)
      expect(
        (level(frames[39]!.values, from, to) - offset) / (level(frames[0]!.values, from, to) - offset),
      ).toBeCloseTo(ratio, 2);
  });

  it('warms without an event', () => {
    const frames = run('heating', 60);
    expect(frames[59]!.truth.state.temperature! - frames[0]!.truth.state.temperature!).toBeGreaterThan(1);
    expect(frames.every(({ truth }) => truth.change === 0)).toBe(true);
  });

  it('refuses a pellet that cannot be', () => {
    const start = (state: Readonly<Record<string, number>>) => () =>
      createSimulator('xas-reduction:steady', { start: state });
    expect(start({ temperature: -3 })).toThrow('temperature is -3, expected 10 to 1728 K');
    expect(start({ metal: 1.5 })).toThrow('metal is 1.5, expected 0 to 1');
    expect(start({ edge: 9000 })).toThrow(/no state number 'edge'/);
  });
});
