import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLease } from '../../src/permit/lease.ts';
import { createReceiver, type ReceiverChange } from '../../src/permit/receiver.ts';
import type { PermitMessage, ShutterReport, ShutterState } from '../../src/model/permit.ts';
import type { ShutterDevice } from '../../src/model/shutter.ts';

const LEASE_MS = 500;

/** A device that answers as a test wants it to, and keeps what was asked of it. */
function makeDevice(more: Partial<ShutterDevice> = {}) {
  const calls: { readonly state: 'open' | 'closed'; readonly atMs: number }[] = [];
  let state: ShutterState = 'open';
  const device: ShutterDevice = {
    name: 'test',
    isReadBack: true,
    drive: async (to) => {
      state = to;
    },
    read: async () => state,
    close: async () => undefined,
    ...more,
  };
  return {
    calls,
    count: (to: 'open' | 'closed') => calls.filter((call) => call.state === to).length,
    set: (to: ShutterState) => (state = to),
    state: () => state,
    device: {
      ...device,
      drive: (to: 'open' | 'closed') => {
        calls.push({ state: to, atMs: performance.now() });
        return device.drive(to);
      },
    },
  };
}

function makeReceiver(device: ShutterDevice) {
  let offsetMs = 0;
  const nowMs = (): number => performance.now() + offsetMs;
  const reports: { readonly report: ShutterReport; readonly atMs: number }[] = [];
  const changes: ReceiverChange[] = [];
  const lease = createLease({ boot: 'b', maxTtlMs: 10_000, maxOpenMs: 1e9 });
  const receiver = createReceiver({
    lease,
    boot: 'b',
    device,
    nowMs,
    send: (report) => reports.push({ report, atMs: performance.now() }),
    changed: (change) => changes.push(change),
  });
  let seq = 0;
  const permit = (more: Partial<PermitMessage> = {}): PermitMessage => ({
    run: 'r',
    epoch: 1,
    seq: ++seq,
    state: 'open',
    reason: '',
    ttlMs: LEASE_MS,
    answers: reports.at(-1)!.report.challenge,
    ...more,
  });
  return {
    receiver,
    lease,
    reports,
    changes,
    permit,
    last: () => reports.at(-1)!.report,
    /** The process stands still for so long, its timers with it. */
    freeze: (ms: number) => (offsetMs += ms),
    /** Renews for so long, several times per lease. */
    async keepOpen(ms: number) {
      for (let t = 0; t < ms; t += 100) {
        receiver.take(permit());
        await vi.advanceTimersByTimeAsync(100);
      }
    },
  };
}

describe('a receiver', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('drives closed before anything else, and says so when it has seen it', async () => {
    const { device, calls, state } = makeDevice();
    const { receiver, last } = makeReceiver(device);
    const started = receiver.start();
    expect(calls[0]?.state).toBe('closed');
    await vi.advanceTimersByTimeAsync(100);
    await started;
    expect(state()).toBe('closed');
    expect(last()).toMatchObject({ observed: 'closed', driven: 'closed', epoch: 0, isReadBack: true });
  });

  it('does not wait for ever at the start for a device that hangs or refuses', async () => {
    for (const drive of [() => new Promise<void>(() => undefined), () => Promise.reject(new Error('no power'))]) {
      const { receiver, last } = makeReceiver(makeDevice({ drive, read: async () => 'open' }).device);
      const started = receiver.start();
      await vi.advanceTimersByTimeAsync(1200);
      await started;
      expect(last().observed).toBe('open');
    }
  });

  it('once it is seen closed, closes again from time to time, and at once when it is seen open', async () => {
    const { device, count, set } = makeDevice();
    const { receiver } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(200);
    const before = count('closed');
    await vi.advanceTimersByTimeAsync(5000);
    expect(count('closed') - before).toBeGreaterThanOrEqual(4);
    expect(count('closed') - before).toBeLessThanOrEqual(6);
    set('open');
    await vi.advanceTimersByTimeAsync(1100);
    expect(await device.read()).toBe('closed');
  });

  it('opens on an answered lease, drives every few tens of milliseconds, and closes when nothing comes any more', async () => {
    const { device, calls, count, state } = makeDevice();
    const { receiver, keepOpen, changes, last } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(200);
    await keepOpen(2000);
    expect(state()).toBe('open');
    expect(last()).toMatchObject({ observed: 'open', driven: 'open', reason: '' });
    expect(count('open')).toBeGreaterThan(50);
    const fromMs = calls.find((call) => call.state === 'open')!.atMs;
    const times = calls.filter(({ atMs }) => atMs >= fromMs).map(({ atMs }) => atMs);
    expect(Math.max(...times.slice(1).map((time, i) => time - times[i]!))).toBeLessThanOrEqual(31);
    const silentMs = performance.now();
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(state()).toBe('closed');
    expect(changes.find(({ atMs, driven }) => driven === 'closed' && atMs > silentMs)).toMatchObject({
      reason: expect.stringMatching(/ran out/) as string,
    });
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls.at(-1)?.state).toBe('closed');
  });

  it('reports several times per lease and at every change, each time with another challenge', async () => {
    const { device } = makeDevice();
    const { receiver, reports, permit, last } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(1000);
    expect(reports.length).toBeGreaterThanOrEqual(9);
    expect(new Set(reports.map(({ report }) => report.challenge)).size).toBe(reports.length);
    const before = reports.length;
    receiver.take(permit());
    await vi.advanceTimersByTimeAsync(0);
    expect(reports.length).toBeGreaterThan(before);
    expect(last()).toMatchObject({ observed: 'open', driven: 'open', epoch: 1 });
    receiver.take(permit({ state: 'closed', reason: 'dose' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(last()).toMatchObject({ observed: 'closed', driven: 'closed', reason: 'dose' });
  });

  it('that stood still for longer than its lease wakes up and closes without another drive open', async () => {
    const { device, calls, count } = makeDevice();
    const { receiver, keepOpen, freeze, permit } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(200);
    await keepOpen(500);
    const waiting = permit();
    const before = count('open');
    freeze(10_000);
    expect(receiver.take(waiting)).toBe('lapsed');
    await vi.advanceTimersByTimeAsync(100);
    expect(count('open')).toBe(before);
    expect(calls.at(-1)?.state).toBe('closed');
  });

  it('that is stopped between the look at the clock and the drive closes at once afterwards', async () => {
    let freezes = false;
    const made = makeDevice();
    const device: ShutterDevice = {
      ...made.device,
      drive(to) {
        if (to === 'open' && freezes) freeze(10_000);
        return made.device.drive(to);
      },
    };
    const { receiver, keepOpen, freeze } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(200);
    await keepOpen(500);
    freezes = true;
    await vi.advanceTimersByTimeAsync(31);
    const last = made.calls.findLastIndex(({ state }) => state === 'open');
    expect(made.calls[last + 1]).toEqual({ state: 'closed', atMs: made.calls[last]!.atMs });
    expect(made.calls.slice(last + 1).every(({ state }) => state === 'closed')).toBe(true);
  });

  it('does not let the closing wait for an opening that hangs, and closes again when that ends late', async () => {
    let finish = (): void => undefined;
    const made = makeDevice({
      drive: (to) =>
        to === 'closed'
          ? Promise.resolve().then(() => void made.set('closed'))
          : new Promise((resolve) => {
              finish = () => {
                made.set('open');
                resolve();
              };
            }),
    });
    const { receiver, permit, last } = makeReceiver(made.device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(200);
    receiver.take(permit());
    await vi.advanceTimersByTimeAsync(300);
    expect(made.count('open')).toBe(1);
    const before = made.count('closed');
    receiver.take(permit({ state: 'closed' }));
    expect(made.count('closed')).toBe(before + 1);
    await vi.advanceTimersByTimeAsync(500);
    finish();
    await vi.advanceTimersByTimeAsync(1);
    expect(made.state()).toBe('closed');
    await vi.advanceTimersByTimeAsync(300);
    expect(last().observed).toBe('closed');
  });

  it('has no more than a few calls under way at a device that never answers, and knows nothing of it after a while', async () => {
    const never = () => new Promise<never>(() => undefined);
    const made = makeDevice({ drive: never, read: never });
    const { receiver, last } = makeReceiver(made.device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(made.calls.length).toBeLessThanOrEqual(4);
    expect(last().observed).toBe('unknown');
  });

  it('does not believe a look that comes so late that another was begun meanwhile', async () => {
    let answerLate = (): void => undefined;
    let looks = 0;
    const { device } = makeDevice({
      read: () =>
        ++looks === 1 ? new Promise((resolve) => (answerLate = () => resolve('open'))) : Promise.resolve('closed'),
    });
    const { receiver, last, reports } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(1500);
    expect(last().observed).toBe('closed');
    answerLate();
    await vi.advanceTimersByTimeAsync(10);
    expect(reports.map(({ report }) => report.observed)).not.toContain('open');
  });

  it('says unknown when the device cannot be read, and tells the trouble', async () => {
    const { device } = makeDevice({ read: () => Promise.reject(new Error('cable')) });
    const { receiver, last, changes } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(500);
    expect(last().observed).toBe('unknown');
    expect(changes.at(-1)?.trouble).toMatch(/could not be read: cable/);
  });

  it('reports what it drove, and that it was not read back, where the device cannot be read', async () => {
    let fails = false;
    const { device } = makeDevice({
      isReadBack: false,
      read: () => Promise.reject(new Error('never asked')),
      drive: () => (fails ? Promise.reject(new Error('cable')) : Promise.resolve()),
    });
    const { receiver, last, permit } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(200);
    expect(last()).toMatchObject({ observed: 'closed', isReadBack: false });
    receiver.take(permit());
    await vi.advanceTimersByTimeAsync(100);
    expect(last()).toMatchObject({ observed: 'open', isReadBack: false });
    fails = true;
    await vi.advanceTimersByTimeAsync(100);
    expect(last().observed).toBe('unknown');
  });

  it('closes when it is stopped, waits until that is seen, and does not open any more', async () => {
    const { device, count, state } = makeDevice();
    const { receiver, keepOpen, permit, lease } = makeReceiver(device);
    void receiver.start();
    await vi.advanceTimersByTimeAsync(200);
    await keepOpen(500);
    const stopped = receiver.stop('ended by SIGTERM');
    expect(state()).toBe('closed');
    await vi.advanceTimersByTimeAsync(100);
    expect(await stopped).toBe('closed');
    expect(lease.reason).toBe('ended by SIGTERM');
    const before = count('open');
    expect(receiver.take(permit({ epoch: 9 }))).toBe('lapsed');
    expect(receiver.report()).toMatchObject({ driven: 'closed', epoch: 1, reason: 'ended by SIGTERM' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(count('open')).toBe(before);
  });

  it('tells when it could not be closed at the end', async () => {
    const { device } = makeDevice({ drive: () => Promise.resolve(), read: async () => 'open' });
    const { receiver } = makeReceiver(device);
    void receiver.start();
    const stopped = receiver.stop('end');
    await vi.advanceTimersByTimeAsync(5000);
    expect(await stopped).toBe('open');
  });
});
