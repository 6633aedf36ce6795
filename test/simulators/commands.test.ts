import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../simulators/createSimulator.ts';

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
const damage = () =>
  createSimulator('eels-beam-damage:damage', { framesPerSecond: 10, eventAtFrame: 5, channels: 128 });

describe('commands', () => {
  it('close the shutter after the latency, in the middle of an exposure, and stop the damage', () => {
    const simulator = damage();
    let before = simulator.next();
    for (let i = 0; i < 30; i++) before = simulator.next();
    const open = total(before.frame.values);
    simulator.command({ command: 'shutter', state: 'closed' });
    expect(total(simulator.next().frame.values) / open).toBeCloseTo(0.5, 1);
    const dark = simulator.next();
    expect(total(dark.frame.values)).toBe(0);
    const { dose, change } = dark.truth;
    for (let i = 0; i < 20; i++) simulator.next();
    const later = simulator.next();
    expect([later.truth.dose, later.truth.change]).toEqual([dose, change]);
    expect(later.slow.find(({ name }) => name === 'doseRate')?.value ?? 0).toBe(0);
    simulator.command({ command: 'shutter', state: 'open' });
    simulator.next();
    expect(total(simulator.next().frame.values) / open).toBeCloseTo(1, 1);
  });

  it('change the exposure and the beam from the next frame on', () => {
    const simulator = createSimulator('eels-beam-damage:steady', { framesPerSecond: 10, channels: 128 });
    const full = total(simulator.next().frame.values);
    simulator.command({ command: 'exposure', seconds: 0.025 });
    expect(total(simulator.next().frame.values) / full).toBeCloseTo(1, 1);
    const short = simulator.next().frame;
    expect(short.exposureUs).toBe(25_000);
    expect(total(short.values) / full).toBeCloseTo(0.25, 2);
    simulator.command({ command: 'beam', relative: 2 });
    simulator.next();
    expect(Math.abs(total(simulator.next().frame.values) / full / 0.5 - 1)).toBeLessThan(0.03);
  });

  it('move to an area with its own dose, and back to the old one', () => {
    const simulator = damage();
    for (let i = 0; i < 100; i++) simulator.next();
    const spent = simulator.next().truth;
    simulator.command({ command: 'move', x: 3, y: 4 });
    simulator.next();
    const fresh = simulator.next().truth;
    expect(fresh.faults).toContain('moved');
    expect(fresh.change).toBe(0);
    expect(fresh.dose).toBeLessThan(0.02 * spent.dose);
    simulator.command({ command: 'move', x: 0, y: 0 });
    simulator.next();
    expect(simulator.next().truth.dose).toBeGreaterThan(spent.dose);
  });

  it('stop for good', () => {
    const simulator = damage();
    simulator.next();
    simulator.command({ command: 'stop' });
    expect(simulator.isStopped).toBe(false);
    simulator.next();
    expect(simulator.isStopped).toBe(true);
    expect(total(simulator.next().frame.values)).toBe(0);
  });

  it('are refused when out of range', () => {
    const simulator = damage();
    expect(() => simulator.command({ command: 'exposure', seconds: 1 })).toThrow(RangeError);
    expect(() => simulator.command({ command: 'beam', relative: -1 })).toThrow(/expected a finite number >= 0/);
    expect(() => simulator.command({ command: 'move', x: NaN, y: 0 })).toThrow(RangeError);
  });
});

describe('slow signals', () => {
  it('keep their own clock, whatever the frame rate', () => {
    for (const framesPerSecond of [0.1, 3, 10]) {
      const simulator = createSimulator('xrd-heating:event-in-drift', { framesPerSecond, startUs: 0, channels: 64 });
      const times: number[] = [];
      for (let i = 0; i < 30; i++) {
        const { frame, slow } = simulator.next();
        for (const { name, timeUs } of slow) {
          expect(timeUs).toBeGreaterThanOrEqual(frame.timeUs);
          expect(timeUs).toBeLessThan(frame.timeUs + simulator.framePeriodUs);
          if (name === 'temperature') times.push(timeUs);
        }
      }
      expect(times.length).toBeGreaterThan(5);
      times.forEach((timeUs, i) => expect(timeUs).toBe(37_000 + i * 500_000));
    }
  });

  it('follow the state with an offset of the thermocouple and its noise', () => {
    const simulator = createSimulator('xrd-heating:drift-strong', { framesPerSecond: 10, channels: 64 });
    const off: number[] = [];
    for (let i = 0; i < 500; i++) {
      const { slow, truth } = simulator.next();
      for (const { name, value } of slow) if (name === 'temperature') off.push(value - truth.state.temperature);
    }
    const mean = off.reduce((a, b) => a + b, 0) / off.length;
    expect(mean).toBeGreaterThan(3.5);
    expect(mean).toBeLessThan(4.2);
    expect(new Set(off).size).toBe(off.length);
  });

  it('show the beam current whose dose the truth counts', () => {
    const simulator = createSimulator('eels-beam-damage:steady', { framesPerSecond: 10, channels: 64 });
    let { slow, truth } = simulator.next();
    let current = NaN;
    for (let i = 1; i < 200; i++) {
      ({ slow, truth } = simulator.next());
      current = slow.find(({ name }) => name === 'beamCurrent')?.value ?? current;
    }
    // 0.5 nA for 20 s into 100 x 100 nm2.
    expect(current).toBeCloseTo(0.5, 2);
    expect(truth.dose / ((0.5e-9 * 20) / 1.602176634e-19 / 1e4)).toBeCloseTo(1, 9);
  });
});
