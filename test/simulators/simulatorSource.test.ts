import { describe, expect, it } from 'vitest';
import simulatorSource from '../../simulators/simulatorSource.ts';
import type { AdapterSetting, FrameOutlet } from '../../src/model/adapter.ts';
import type { Frame } from '../../src/model/frame.ts';
import type { SlowSample } from '../../src/model/signal.ts';

const SETTING: AdapterSetting = {
  stream: 'pattern',
  noise: undefined,
  framePeriodUs: null,
  resolvePath: (path) => path,
  resumeAfter: null,
};

interface Heard {
  readonly seqs: number[];
  readonly timesUs: number[];
  readonly arrivedMs: number[];
  readonly totals: number[];
  readonly slow: SlowSample[];
  readonly states: string[];
}

/** Listens; `room` is what the outlet answers when asked. */
function listen(onFrame: (frame: Frame) => void = () => undefined, room: FrameOutlet['room'] = () => null) {
  const heard: Heard = { seqs: [], timesUs: [], arrivedMs: [], totals: [], slow: [], states: [] };
  const outlet: FrameOutlet = {
    next(item) {
      if (item.type === 'slow') {
        heard.slow.push(item);
        return;
      }
      expect(item.stream).toBe('pattern');
      heard.seqs.push(item.seq);
      heard.timesUs.push(item.timeUs);
      heard.arrivedMs.push(Date.now());
      heard.totals.push(item.values.reduce((a, b) => a + b, 0));
      onFrame(item);
    },
    reject: ({ detail }) => expect.unreachable(detail),
    room,
    report: ({ state }) => heard.states.push(state),
  };
  return { heard, outlet };
}

const source = (settings: Record<string, unknown>, setting: Partial<AdapterSetting> = {}) =>
  simulatorSource.create(
    simulatorSource.config.parse({ scenario: 'xrd-heating:event-in-drift', channels: 64, ...settings }),
    { ...SETTING, ...setting },
  );
const never = new AbortController().signal;

describe('the simulator as a source', () => {
  it('paces by the wall clock and dates its frames now', async () => {
    const { heard, outlet } = listen();
    const startedMs = Date.now();
    await source({ framesPerSecond: 50, frames: 15 }).run(outlet, never);
    expect(heard.seqs).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(Math.abs(heard.timesUs[0] / 1000 - startedMs)).toBeLessThan(3000);
    heard.arrivedMs.forEach((arrivedMs, i) => expect(arrivedMs).toBeGreaterThanOrEqual(heard.timesUs[i] / 1000 + 19));
    expect(heard.states).toEqual(['ok', 'ended']);
    expect(heard.slow.map(({ name }) => name)).toContain('temperature');
  });

  it('misses no frame while its spectra are being prepared', async () => {
    const { heard, outlet } = listen();
    await source({ scenario: 'eels-beam-damage:damage', framesPerSecond: 1000, frames: 5 }).run(outlet, never);
    expect(heard.seqs).toEqual([0, 1, 2, 3, 4]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { heard, outlet } = listen((frame) => {
      if (frame.seq === 3) stop.abort();
    });
    await source({ framesPerSecond: 100 }).run(outlet, stop.signal);
    expect(heard.seqs).toEqual([0, 1, 2, 3]);
    const asleep = new AbortController();
    const running = source({ framesPerSecond: 0.01 }).run(listen().outlet, asleep.signal);
    asleep.abort();
    await running;
  });

  it('runs as fast as there is room, the same every time', async () => {
    const first = listen();
    const second = listen();
    await source({ realTime: false, frames: 200 }).run(first.outlet, never);
    await source({ realTime: false, frames: 200 }).run(second.outlet, never);
    expect(first.heard.totals).toEqual(second.heard.totals);
    expect(first.heard.slow).toEqual(second.heard.slow);
    expect(first.heard.timesUs[199] - first.heard.timesUs[0]).toBe(19_900_000);
    expect(first.heard.timesUs[0]).toBe(Date.UTC(2026, 0, 1) * 1000);
  });

  it('waits for room', async () => {
    let waits = 0;
    let isWaiting = false;
    const { heard, outlet } = listen(
      () => expect(isWaiting).toBe(false),
      () => {
        waits++;
        isWaiting = true;
        return new Promise((resolve) => {
          setImmediate(() => {
            isWaiting = false;
            resolve();
          });
        });
      },
    );
    await source({ realTime: false, frames: 20 }).run(outlet, never);
    expect(heard.seqs.length).toBe(20);
    expect(waits).toBe(20);
  });

  it('lets other work happen, so that a free run can be stopped', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const { heard, outlet } = listen();
    await source({ realTime: false }).run(outlet, stop.signal);
    expect(heard.seqs.length).toBeGreaterThan(10);
  });

  it('goes on after the frame where it was left', async () => {
    const whole = listen();
    const rest = listen();
    await source({ realTime: false, frames: 100 }).run(whole.outlet, never);
    const resumeAfter = { seq: 59, timeUs: whole.heard.timesUs[59] };
    await source({ realTime: false, frames: 100 }, { resumeAfter }).run(rest.outlet, never);
    expect(rest.heard.seqs[0]).toBe(60);
    expect(rest.heard.totals).toEqual(whole.heard.totals.slice(60));
  });

  it('has gone on while nobody looked, when it plays in real time', async () => {
    const { heard, outlet } = listen();
    const resumeAfter = { seq: 10, timeUs: (Date.now() - 1000) * 1000 };
    await source({ framesPerSecond: 50, frames: 65 }, { resumeAfter }).run(outlet, never);
    expect(heard.seqs[0]).toBeGreaterThan(50);
    expect(heard.seqs[0]).toBeLessThan(65);
    expect(heard.timesUs[0]).toBe(resumeAfter.timeUs + (heard.seqs[0] - 10) * 20_000);
  });

  it('loses and repeats frames as its scenario says', async () => {
    const { heard, outlet } = listen();
    await source({ scenario: 'xrd-heating:fault-drop', realTime: false, frames: 300, eventAtFrame: 0 }).run(
      outlet,
      never,
    );
    const repeated = heard.seqs.filter((seq, i) => i > 0 && seq === heard.seqs[i - 1]).length;
    const lost = 300 - new Set(heard.seqs).size;
    expect(repeated).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
    expect(heard.seqs.length).toBe(300 - lost + repeated);
  });

  it('refuses a sample that cannot be, and a state number it does not have', () => {
    expect(() => simulatorSource.config.parse({ scenario: 'xrd-heating:steady', start: { temperature: -20 } })).toThrow(
      /temperature is -20, expected 1 to 3000 K/,
    );
    expect(() => simulatorSource.config.parse({ scenario: 'xrd-cycling:steady', start: { removd: 0.2 } })).toThrow(
      /no state number 'removd', did you mean 'removed'/,
    );
  });

  it('names the scenarios when one is not known', () => {
    expect(() => simulatorSource.config.parse({ scenario: 'xrd-heating:nothing' })).toThrow(
      /xrd-heating:event-in-drift/,
    );
  });
});
