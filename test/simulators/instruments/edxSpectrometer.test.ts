import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../simulators/createSimulator.ts';
import { bandShare } from '../../../simulators/instruments/edxMap.ts';
import type { SimulatorOptions, Truth } from '../../../simulators/simulator.ts';
import { FrameFlag } from '../../../src/model/frame.ts';
import { goldenOf } from '../../support/simulatorGolden.ts';

interface Kept {
  readonly timeUs: number;
  readonly values: Float64Array;
  readonly flags: number;
  readonly truth: Truth;
  readonly slow: readonly (readonly [name: string, timeUs: number, value: number])[];
}
const ONSET = 20;
const run = (scenario: string, frames: number, options: SimulatorOptions = {}): Kept[] => {
  const simulator = createSimulator(`edx-spectrometer:${scenario}`, { channels: 256, eventAtFrame: ONSET, ...options });
  return Array.from({ length: frames }, () => {
    const { frame, truth, slow } = simulator.next();
    return {
      timeUs: frame.timeUs,
      values: frame.values.slice(),
      flags: frame.flags,
      truth: structuredClone(truth),
      slow: slow.map(({ name, timeUs, value }) => [name, timeUs, value] as const),
    };
  });
};
const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
/** Counts between two energies in 40 eV channels. */
const between = (values: Float64Array, from: number, to: number): number =>
  total(values.subarray(Math.ceil(from / 40), Math.ceil(to / 40)));
const latest = (frames: readonly Kept[], name: string): number =>
  frames.flatMap(({ slow }) => slow).findLast(([each]) => each === name)![2];

describe('a foil under the X-ray spectrometer', () => {
  it('trades iron for chromium', () => {
    const frames = run('event-fast', 40);
    expect(frames[ONSET - 1]!.truth.state).toMatchObject({ iron: 0.7, chromium: 0.19, nickel: 0.11 });
    const { state } = frames[39]!.truth;
    expect(state.iron).toBeCloseTo(0.6, 12);
    expect(state.chromium).toBeCloseTo(0.3, 12);
    expect(between(frames[39]!.values, 5300, 5550) / between(frames[0]!.values, 5300, 5550)).toBeGreaterThan(1.4);
  });

  it('lets titanium come', () => {
    const frames = run('new-element', 130);
    expect(frames[129]!.truth.state.titanium).toBeCloseTo(0.03, 12);
    expect(between(frames[129]!.values, 4400, 4600)).toBeGreaterThan(2 * between(frames[0]!.values, 4400, 4600));
  });

  it('tells its dead time, which grows with the current, and its position', () => {
    const simulator = createSimulator('edx-spectrometer:steady', { channels: 256 });
    const playTo = (name: string): number => {
      let value = NaN;
      for (let i = 0; i < 5; i++)
        for (const sample of simulator.next().slow) if (sample.name === name) value = sample.value;
      return value;
    };
    expect(playTo('deadTime')).toBeCloseTo(4.2, 0);
    simulator.command({ command: 'beam', relative: 3 });
    simulator.command({ command: 'move', x: 7, y: -2 });
    expect(playTo('deadTime')).toBeGreaterThan(10);
    expect([playTo('x'), playTo('y')]).toEqual([7, -2]);
  });

  it('is blind and full when the beam is too strong', () => {
    const frames = run('fault-saturate', 25, { channels: 1024 });
    expect(frames[ONSET - 1]!.flags & FrameFlag.saturated).toBe(0);
    expect(frames[ONSET + 1]!.flags & FrameFlag.saturated).toBe(FrameFlag.saturated);
    expect(latest(frames, 'deadTime')).toBeGreaterThan(18);
  });

  it('loses chromium by dose, faster the more current there is', () => {
    const frames = run('damage', 250);
    expect(frames[ONSET - 1]!.truth.change).toBe(0);
    expect(frames[249]!.truth.change).toBeCloseTo(1 - Math.exp(-(229.5 * 3.0822e6) / 1e9), 2);
    expect(frames[249]!.truth.state.chromium).toBeLessThan(0.16);
  });

  it('drifts in gain, offset, current and carbon', () => {
    const frames = run('drift-only', 300);
    const { nuisances, state } = frames[299]!.truth;
    expect(Object.keys(nuisances)).toEqual(['intensity', 'gain', 'offset', 'film']);
    expect(state.film).toBeCloseTo((1e-7 * 299.5) / 3600, 12);
    expect(state.shift).toBe(nuisances.offset);
  });

  it('refuses a foil that cannot be', () => {
    const start = (state: Readonly<Record<string, number>>) => () =>
      createSimulator('edx-spectrometer:steady', { start: state });
    expect(start({ iron: -0.1 })).toThrow('iron is -0.1, expected 0 to 1');
    expect(start({ iron: 0.5 })).toThrow(/iron, chromium, nickel, titanium, carbon add up to 0.8, expected 1/);
    expect(start({ massThickness: 1 })).toThrow('massThickness is 1, expected 1e-7 to 0.01 g/cm2');
  });
});

describe('a scan over the foil', () => {
  const small = { start: { width: 16, height: 8 } };

  it('has the bands of the reference', () => {
    const golden = goldenOf('kinetics') as unknown as readonly {
      readonly map_weight: readonly (readonly [number, number])[];
    }[];
    const known = golden.flatMap(({ map_weight }) => map_weight);
    expect(known.length).toBeGreaterThan(0);
    for (const [pixel, share] of known)
      expect(bandShare(pixel % 1024, Math.floor(pixel / 1024), 1024, 1024)).toBeCloseTo(share, 8);
  });

  it('goes back and forth, and says with every pixel where it is', () => {
    const frames = run('map', 130, small);
    frames.forEach(({ timeUs, truth, slow }, i) => {
      const [x, y] = ['x', 'y'].map((name) => slow.find(([each]) => each === name)!);
      expect([x![1], y![1]]).toEqual([timeUs, timeUs]);
      expect([x![2], y![2]]).toEqual([truth.state.x! * 0.002, truth.state.y! * 0.002]);
      expect(truth.state.y).toBe(Math.floor((i % 128) / 16));
    });
    expect(frames.slice(14, 19).map(({ truth }) => truth.state.x)).toEqual([14, 15, 15, 14, 13]);
    expect(frames[1]!.timeUs - frames[0]!.timeUs).toBe(5000);
    expect(frames[128]!.values).not.toEqual(frames[0]!.values);
  });

  it('counts Poisson numbers about the mixture of its end members', () => {
    const many = run('map', 6000, { start: { width: 2, height: 2 } })
      .filter((_, i) => i % 4 === 0)
      .map(({ values }) => values);
    const dispersions: number[] = [];
    for (let channel = 0; channel < 256; channel++) {
      const mean = many.reduce((sum, values) => sum + values[channel]!, 0) / many.length;
      if (mean < 0.05) continue;
      const variance = many.reduce((sum, values) => sum + (values[channel]! - mean) ** 2, 0) / (many.length - 1);
      dispersions.push(variance / mean);
    }
    const dispersion = dispersions.reduce((a, b) => a + b, 0) / dispersions.length;
    expect(Math.abs(dispersion - 1)).toBeLessThan(0.02);
    // 5 ms of 41 000 counts per second.
    expect(many.reduce((sum, values) => sum + total(values), 0) / many.length).toBeCloseTo(204, -1);
  });

  it('meets the first rare pixel in the frame of the event, and names all of them', () => {
    const frames = run('map-rare-phase', 128, small);
    const rare = frames.filter(({ truth }) => truth.change > 0);
    const { state } = frames[0]!.truth;
    expect(rare.length).toBe(2);
    const places = rare.map(({ truth }) => [truth.state.x, truth.state.y, truth.change]);
    expect(places).toContainEqual([state.rare1X, state.rare1Y, state.rare1Share]);
    expect(places).toContainEqual([state.rare2X, state.rare2Y, state.rare2Share]);
    expect(frames[ONSET]!.truth).toMatchObject({ change: 1, cause: 'chemistry', eventStartUs: frames[ONSET]!.timeUs });
    expect(between(frames[ONSET]!.values, 4400, 4620)).toBeGreaterThan(30);
    expect(frames.filter(({ values }) => between(values, 4400, 4620) > 9).length).toBe(2);
  });

  it('leaves the other pixels alone when two of them hold something else', () => {
    const plain = run('map', 128, small);
    run('map-rare-phase', 128, small).forEach(({ values, truth }, i) => {
      if (truth.change === 0) expect(values).toEqual(plain[i]!.values);
    });
  });

  it('is dark behind a closed shutter, and stops', () => {
    const simulator = createSimulator('edx-spectrometer:map', { channels: 64, latencyUs: 0, ...small });
    expect(total(simulator.next().frame.values)).toBeGreaterThan(100);
    simulator.command({ command: 'shutter', state: 'closed' });
    simulator.next();
    const dark = simulator.next();
    expect([total(dark.frame.values), dark.truth.dose]).toEqual([0, 0]);
    simulator.command({ command: 'stop' });
    simulator.next();
    expect(simulator.isStopped).toBe(true);
  });

  it('refuses a map that cannot be', () => {
    expect(() => createSimulator('edx-spectrometer:map', { start: { width: 1 } })).toThrow(
      'width is 1, expected 2 to 4096',
    );
  });
});
