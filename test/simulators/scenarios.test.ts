import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSimulator, listScenarios } from '../../simulators/createSimulator.ts';
import type { SimulatedStep, Simulator, SimulatorOptions, Truth } from '../../simulators/simulator.ts';
import { FrameFlag } from '../../src/model/frame.ts';
import { MonitorError } from '../../src/model/error.ts';

const ONSET = 20;
const FAST: SimulatorOptions = { framesPerSecond: 10, eventAtFrame: ONSET, channels: 256 };

/** What a test keeps of a step: frames are lent. */
interface Kept {
  readonly seq: number;
  readonly timeUs: number;
  readonly flags: number;
  readonly values: Float64Array;
  readonly deliveryCount: number;
  readonly truth: Truth;
}
const keep = ({ frame, deliveryCount, truth }: SimulatedStep): Kept => ({
  seq: frame.seq,
  timeUs: frame.timeUs,
  flags: frame.flags,
  values: frame.values.slice(),
  deliveryCount,
  truth: structuredClone(truth),
});
const play = (simulator: Simulator, frames: number): Kept[] =>
  Array.from({ length: frames }, () => keep(simulator.next()));
const run = (name: string, frames: number, options: SimulatorOptions = FAST): Kept[] =>
  play(createSimulator(name, options), frames);
/** Everything about frames in short: comparing arrays number by number takes longer than playing them. */
const summary = (frames: readonly Kept[]): string => {
  const hash = createHash('sha256');
  for (const { values, ...others } of frames) hash.update(new Uint8Array(values.buffer)).update(JSON.stringify(others));
  return hash.digest('hex');
};
const total = ({ values }: Kept): number => values.reduce((a, b) => a + b, 0);
const digest = (name: string, options: SimulatorOptions): string => {
  const simulator = createSimulator(name, options);
  const hash = createHash('sha256');
  for (let i = 0; i < 500; i++) hash.update(new Uint8Array(simulator.next().frame.values.buffer));
  return hash.digest('hex').slice(0, 16);
};
/** What the tests of all instruments look at on each. */
interface Traits {
  /** Of the drifting quantities, one. */
  readonly drift: string;
  /** State number that is the axis shift; and one that differs from area to area. */
  readonly shift: string;
  readonly area: string;
  /** Top-ups in 180 frames after a refill; null where nothing is refilled. */
  readonly topUps: number | null;
  /** Counts of a frame without beam. */
  readonly dark: number;
}
const TRAITS: Readonly<Record<string, Traits>> = {
  'xrd-heating': { drift: 'height', shift: 'zero', area: 'texture', topUps: 10, dark: 0 },
  'eels-beam-damage': { drift: 'thickness', shift: 'shift', area: 'thickness', topUps: 1, dark: 0 },
  'xrd-cycling': { drift: 'closer', shift: 'zero', area: 'halo', topUps: 1, dark: 0 },
  'xps-reduction': { drift: 'shift', shift: 'shift', area: 'overlayer', topUps: null, dark: 0 },
  'raman-crystallisation': { drift: 'focus', shift: 'shift', area: 'focus', topUps: null, dark: 700 },
};
const instruments = Object.keys(TRAITS);

describe('every scenario', () => {
  it.each(listScenarios().map((entry) => entry.name))('%s plays 50 frames in order, with its truth', (name) => {
    const frames = run(name, 50);
    const isCounting = createSimulator(name, FAST).layout.quantity === 'counts';
    frames.forEach(({ seq, values, truth }, i) => {
      expect(seq).toBe(i);
      if (isCounting) expect(values.every((count) => Number.isInteger(count))).toBe(true);
      else expect(values.every(Number.isFinite)).toBe(true);
      expect(truth.seq).toBe(i);
      expect(truth.change).toBeGreaterThanOrEqual(0);
      expect(truth.change).toBeLessThanOrEqual(1);
      expect(Object.values(truth.state).every(Number.isFinite)).toBe(true);
      if (truth.eventStartUs === null) expect(truth.change).toBe(0);
    });
    expect(frames[0].values.reduce((a, b) => a + b, 0)).toBeGreaterThan(100);
  });

  it.each(listScenarios().map((entry) => entry.name))('%s is the same, byte for byte, for the same seed', (name) => {
    const played = run(name, 30);
    expect(summary(run(name, 30))).toBe(summary(played));
    expect(summary(run(name, 2, { ...FAST, seed: 2 }).slice(1))).not.toBe(summary(played.slice(1, 2)));
  });

  it('gives the counts it always gave', () => {
    expect(digest('xrd-heating:event-in-drift', { seed: 7, framesPerSecond: 10 })).toBe('fe0b2bec0b3cd2f4');
    expect(digest('eels-beam-damage:damage', { seed: 7, framesPerSecond: 10 })).toBe('5c3ffec11efcca52');
    expect(digest('xrd-cycling:event-in-drift', { seed: 7, framesPerSecond: 10 })).toBe('d04fc01f9cb56493');
    expect(digest('xps-reduction:event-in-drift', { seed: 7, framesPerSecond: 10 })).toBe('c172044d9fb6e7c0');
    expect(digest('raman-crystallisation:event-in-drift', { seed: 7, framesPerSecond: 10 })).toBe('9fb7fde698e29291');
  });
});

describe.each(instruments)('%s', (instrument) => {
  const traits = TRAITS[instrument];
  const scenario = (name: string, frames: number, options: SimulatorOptions = FAST) =>
    run(`${instrument}:${name}`, frames, options);

  it('counts Poisson numbers about one mean when steady', () => {
    const frames = scenario('steady', 400);
    const spread = frames[0].values.map((_, channel) => {
      const mean = frames.reduce((sum, { values }) => sum + values[channel], 0) / frames.length;
      const variance = frames.reduce((sum, { values }) => sum + (values[channel] - mean) ** 2, 0) / (frames.length - 1);
      return variance / mean;
    });
    const dispersion = spread.reduce((a, b) => a + b, 0) / spread.length;
    expect(Math.abs(dispersion - 1)).toBeLessThan(4 * Math.sqrt(2 / (frames.length * spread.length)));
    expect(new Set(frames.map(({ truth }) => JSON.stringify(truth.state))).size).toBe(1);
  });

  it('drifts without an event, three times as much when strong', () => {
    const usual = scenario('drift-only', 300);
    const strong = scenario('drift-strong', 300);
    usual.forEach(({ truth }, i) => {
      expect(truth.change).toBe(0);
      for (const [quantity, value] of Object.entries(truth.nuisances))
        expect(strong[i].truth.nuisances[quantity]).toBeCloseTo(3 * value, 12);
    });
    for (const quantity of Object.keys(usual[0].truth.nuisances))
      expect(new Set(usual.map(({ truth }) => truth.nuisances[quantity])).size).toBeGreaterThan(100);
  });

  it('changes over 300 frames when slow, over 5 when fast, from the event frame on', () => {
    for (const [name, frames] of [
      ['event-slow', 300],
      ['event-fast', 5],
    ] as const) {
      const played = scenario(name, ONSET + frames + 5);
      expect(played[ONSET - 1].truth).toMatchObject({ change: 0, eventStartUs: null, cause: 'chemistry' });
      expect(played[ONSET].truth.change).toBeGreaterThan(0);
      expect(played[ONSET].truth.eventStartUs).toBe(played[ONSET].timeUs);
      expect(played[ONSET + frames - 1].truth.change).toBe(1);
      expect(played[ONSET + Math.floor(frames / 2)].truth.change).toBeGreaterThan(0.4);
      const before = played.slice(0, ONSET);
      const after = played[ONSET + frames + 4].values;
      const chiSquare = after.reduce((sum, value, i) => {
        const mean = before.reduce((all, { values }) => all + values[i], 0) / ONSET;
        return sum + (value - mean) ** 2 / (mean * (1 + 1 / ONSET));
      }, 0);
      expect(chiSquare).toBeGreaterThan(4 * after.length);
    }
  });

  it('leaves all other random numbers alone when an effect is switched on', () => {
    const clean = scenario('steady', 60);
    const struck = scenario('fault-cosmic', 60);
    let strikes = 0;
    clean.forEach(({ values }, i) => {
      const differing = values.reduce((count, value, k) => count + (value === struck[i].values[k] ? 0 : 1), 0);
      expect(differing).toBeLessThanOrEqual(i < ONSET ? 0 : 12);
      strikes += differing > 0 ? 1 : 0;
    });
    expect(strikes).toBeGreaterThan(2);
    const walk = (name: string): number[] => scenario(name, 40).map(({ truth }) => truth.nuisances[traits.drift]);
    expect(walk('event-in-drift')).toEqual(walk('drift-only'));
  });

  it('kills a channel, heats one, and lets one flicker', () => {
    const dead = scenario('fault-dead', 60);
    const clean = scenario('steady', 60);
    const channels = [...dead[50].values.keys()].filter((i) => dead[50].values[i] !== clean[50].values[i]);
    expect(channels.length).toBe(1);
    const [channel] = channels;
    expect(dead[ONSET - 1].values[channel]).toBeGreaterThan(0);
    expect(dead.slice(ONSET).every(({ values }) => values[channel] === 0)).toBe(true);
    const hot = scenario('fault-hot', 60);
    expect(hot[40].values[channel]).toBeGreaterThan(1.2 * clean[40].values[channel]);
    expect(hot[40].truth.faults).toEqual(['hot', 'flickering']);
  });

  it('saturates and says so', () => {
    const frames = scenario('fault-saturate', 30, { ...FAST, channels: 1024 });
    expect(frames[ONSET - 1].flags & FrameFlag.saturated).toBe(0);
    expect(frames[ONSET].flags & FrameFlag.saturated).toBe(FrameFlag.saturated);
    expect(new Set(frames.slice(ONSET).map(({ values }) => Math.max(...values))).size).toBe(1);
  });

  it('loses, repeats, misdates and tears frames', () => {
    const frames = scenario('fault-drop', 400);
    const acting = new Set(frames.flatMap(({ truth }) => truth.faults));
    expect(acting).toEqual(new Set(['lost', 'twice', 'late', 'torn']));
    for (const { deliveryCount, timeUs, truth } of frames) {
      expect(deliveryCount).toBe(truth.faults.includes('lost') ? 0 : truth.faults.includes('twice') ? 2 : 1);
      expect(timeUs === truth.timeUs).toBe(!truth.faults.includes('late'));
    }
    const torn = frames.findIndex(({ truth }) => truth.faults.includes('torn'));
    expect(frames[torn].values.subarray(128)).toEqual(frames[torn - 1].values.subarray(128));
  });

  it('trips, comes back, and has moved', () => {
    const frames = scenario('fault-trip', 300);
    expect(total(frames[ONSET])).toBeLessThanOrEqual(traits.dark);
    expect(frames[ONSET].truth.faults).toEqual(['trip']);
    const back = frames[299];
    expect(total(back)).toBeGreaterThan(0.9 * total(frames[0]));
    expect(back.truth.faults).toEqual([]);
    const back1 = frames.find(({ truth, seq }) => seq > ONSET && truth.state.beam === 1);
    expect(back1?.truth.state[traits.shift]).toBeGreaterThan(0.005);
    expect(frames[ONSET + 1].truth.dose).toBe(frames[ONSET].truth.dose);
  });

  it.skipIf(traits.topUps === null)('decays, is refilled, and topped up', () => {
    const frames = scenario('fault-refill', 200);
    expect(frames[ONSET - 1].truth.state.beam).toBeLessThan(1);
    expect(frames[ONSET].truth.state.beam).toBeGreaterThan(frames[ONSET - 1].truth.state.beam);
    const jumps = frames.filter(({ truth }, i) => i > 0 && truth.state.beam > frames[i - 1].truth.state.beam + 0.005);
    expect(jumps.length).toBeGreaterThanOrEqual(traits.topUps ?? 0);
  });

  it('moves to a fresh area with a dose of its own', () => {
    const frames = scenario('null-move', 40);
    expect(frames[ONSET].truth.faults).toEqual(['moved']);
    expect(frames[ONSET].truth.dose).toBeLessThan(frames[ONSET - 1].truth.dose);
    expect(frames.every(({ truth }) => truth.change === 0)).toBe(true);
    const change = frames[ONSET].truth.state[traits.area] - frames[0].truth.state[traits.area];
    expect(Math.abs(change)).toBeGreaterThan(1e-3);
  });
});

describe('the demonstrations', () => {
  it('grow rutile from anatase while intensity and angle drift, the temperature rising', () => {
    const frames = run('xrd-heating:event-in-drift', 451, { framesPerSecond: 10 });
    const { state } = frames[450].truth;
    expect(frames[149].truth.state.rutile).toBe(0);
    expect(frames[450].truth.timeUs - frames[0].truth.timeUs).toBe(45_000_000);
    expect(state.rutile).toBeCloseTo(0.9, 6);
    expect(state.temperature).toBeGreaterThan(frames[0].truth.state.temperature + 10);
    const swing = (name: string): number =>
      Math.max(...frames.map(({ truth }) => truth.nuisances[name])) -
      Math.min(...frames.map(({ truth }) => truth.nuisances[name]));
    expect(swing('intensity')).toBeGreaterThan(0.04);
    expect(swing('zero')).toBeGreaterThan(0.015);
  });

  it('go from amorphous over anatase to rutile when heated fast', () => {
    const frames = run('xrd-heating:ramp', 140, { channels: 128 });
    const most = Math.max(...frames.map(({ truth }) => truth.state.anatase));
    expect(frames[0].truth.state.amorphous).toBeGreaterThan(0.99);
    expect(most).toBeGreaterThan(0.9);
    expect(frames[139].truth.state.rutile).toBeGreaterThan(0.95);
  });

  it('reduce iron by dose after an incubation, and all within a minute', () => {
    const frames = run('eels-beam-damage:damage', 600, { framesPerSecond: 10, channels: 128 });
    expect(frames[149].truth).toMatchObject({ change: 0, cause: 'beam', eventStartUs: null, doseUnit: 'nm-2' });
    expect(frames[155].truth.change).toBeGreaterThan(0.005);
    expect(frames[599].truth.change).toBeGreaterThan(0.7);
    expect(frames[599].truth.dose).toBeGreaterThan(1.5e7);
  });

  it('come back where the change is reversible', () => {
    const changes = run('eels-beam-damage:return', 260).map(({ truth }) => truth.change);
    expect([changes[ONSET - 1], changes[ONSET + 100], changes[259]]).toEqual([0, 1, 0]);
  });

  it('show the low loss of the same experiment with counts of its own', () => {
    const core = run('eels-beam-damage:damage', 60);
    const low = run('eels-low-loss:damage', 60);
    low.forEach(({ truth }, i) => expect(truth.state).toEqual(core[i].truth.state));
    const deviations = (frames: Kept[]): number[] =>
      frames.map((frame, i) => frame.values[100] - (frames[i - 1] ?? frame).values[100]);
    const [a, b] = [deviations(core), deviations(low)];
    const product = (x: number[], y: number[]): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
    expect(Math.abs(product(a, b) / Math.sqrt(product(a, a) * product(b, b)))).toBeLessThan(0.6);
  });

  it('declare variances when a camera adds read noise', () => {
    const simulator = createSimulator('eels-beam-damage:camera', FAST);
    const { frame } = simulator.next();
    expect(simulator.layout.noise).toBe('gaussian');
    expect(frame.variances?.every((variance, i) => variance === Math.max(0, frame.values[i]) + 16)).toBe(true);
  });
});

describe('a wrong name or option', () => {
  it('is answered with the nearest scenario', () => {
    expect(() => createSimulator('xrd-heating:event-in-drif')).toThrow(/did you mean 'xrd-heating:event-in-drift'/);
    expect(() => createSimulator('eels:damage')).toThrow(MonitorError);
    expect(() => createSimulator('xrd-heating:damage')).toThrow(/Known: xrd-heating:steady/);
  });

  it('is refused with what was expected', () => {
    expect(() => createSimulator('xrd-heating:steady', { framesPerSecond: 0 })).toThrow(
      /framesPerSecond is 0, expected/,
    );
    expect(() => createSimulator('xrd-heating:steady', { channels: 10.5 })).toThrow(
      /channels is 10.5, expected an integer/,
    );
  });
});
