import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MonitorError } from '../../src/model/error.ts';
import { cloneFrame, FrameFlag, type Frame } from '../../src/model/frame.ts';
import { createIngress, type Ingress, type IngressOptions, type OverflowPolicy } from '../../src/pipeline/ingress.ts';
import { createSlowSignals } from '../../src/pipeline/slowSignals.ts';
import { channelLayout, essence, START_US, testFrame } from '../support/frames.ts';

const layout = channelLayout(3);

function open(options: Partial<IngressOptions> = {}): { ingress: Ingress; seen: Frame[]; failures: MonitorError[] } {
  const seen: Frame[] = [];
  const failures: MonitorError[] = [];
  const ingress = createIngress({
    stream: 's',
    capacity: 4,
    overflow: 'sum',
    slowSignals: createSlowSignals(),
    framePeriodUs: null,
    latestUs: () => START_US + 86_400_000_000,
    resumeAfter: null,
    wake: () => undefined,
    fail: (error) => failures.push(error),
    report: () => undefined,
    ...options,
  });
  ingress.frames$.subscribe((frame) => seen.push(cloneFrame(frame)));
  return { ingress, seen, failures };
}
const drain = (ingress: Ingress): void => {
  while (ingress.drainOne());
};
const droppedTotal = (ingress: Ingress): number =>
  Object.values(ingress.account().droppedCount).reduce((a, b) => a + b, 0);

describe('ingress', () => {
  it('passes frames on in order and unchanged', () => {
    const { ingress, seen } = open();
    ingress.next(testFrame(layout, 0, [1, 2, 3]));
    ingress.next(testFrame(layout, 1, [4, 5, 6]));
    drain(ingress);
    expect(seen.map(essence).map((frame) => frame.values)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('adds counts and exposures of frames that find no room, and says so', () => {
    const { ingress, seen } = open({ capacity: 1 });
    for (let seq = 0; seq < 3; seq++) ingress.next(testFrame(layout, seq, [1, 2, 3]));
    drain(ingress);
    expect(seen.map(essence)).toEqual([{ seq: 2, values: [3, 6, 9], exposureUs: 300_000, unseenExposureUs: 0 }]);
    expect(seen[0]!.flags & FrameFlag.summed).toBeTruthy();
    expect(ingress.account()).toMatchObject({ receivedCount: 3, processedCount: 1, mergedCount: 2, lostCount: 0 });
  });

  it('takes the mean, weighted by exposure, of values that are not counts', () => {
    const scaled = channelLayout(2, 'gaussian');
    const { ingress, seen } = open({ capacity: 1 });
    ingress.next(testFrame(scaled, 0, [1, 1], { variances: Float64Array.of(4, 4) }));
    ingress.next(testFrame(scaled, 1, [5, 1], { exposureUs: 300_000, variances: Float64Array.of(4, 4) }));
    drain(ingress);
    expect([...seen[0]!.values]).toEqual([4, 1]);
    expect([...seen[0]!.variances!]).toEqual([2.5, 2.5]);
  });

  it('gives up the oldest and charges its exposure to the next', () => {
    const { ingress, seen } = open({ capacity: 2, overflow: 'dropOldest' });
    for (let seq = 0; seq < 5; seq++) ingress.next(testFrame(layout, seq, [seq, 0, 0]));
    drain(ingress);
    expect(seen.map(essence).map(({ seq, unseenExposureUs }) => [seq, unseenExposureUs])).toEqual([
      [3, 300_000],
      [4, 0],
    ]);
    expect(ingress.account().droppedCount).toEqual({ overflow: 3 });
  });

  it("ends the run on 'fail', naming the stream and the frame", () => {
    const { ingress, failures } = open({ capacity: 1, overflow: 'fail' });
    ingress.next(testFrame(layout, 0, [1, 1, 1]));
    ingress.next(testFrame(layout, 1, [1, 1, 1]));
    expect(failures.map((error) => [error.place.id, error.place.seq])).toEqual([['s', 1]]);
  });

  it('counts lost frames and the exposure they delivered unseen', () => {
    const { ingress, seen } = open();
    ingress.next(testFrame(layout, 0, [1, 1, 1]));
    ingress.next(testFrame(layout, 4, [1, 1, 1]));
    drain(ingress);
    expect(seen[1]).toMatchObject({ unseenExposureUs: 300_000, flags: FrameFlag.afterGap });
    expect(ingress.account().lostCount).toBe(3);
  });

  it('never charges more unseen exposure than fits between two frames', () => {
    const { ingress, seen } = open();
    ingress.next(testFrame(layout, 0, [1, 1, 1]));
    ingress.next(testFrame(layout, 1_000_000, [1, 1, 1], { timeUs: START_US + 500_000 }));
    drain(ingress);
    expect(seen[1]!.unseenExposureUs).toBe(400_000);
  });

  const bad: [string, Frame, string][] = [
    ['another length', testFrame(layout, 1, [1, 2]), 'length'],
    ['the year 2200', testFrame(layout, 1, [1, 2, 3], { timeUs: Date.UTC(2200, 0) * 1000 }), 'clock'],
    ['the year 1970', testFrame(layout, 1, [1, 2, 3], { timeUs: 1000 }), 'clock'],
    ['half a microsecond', testFrame(layout, 1, [1, 2, 3], { timeUs: START_US + 0.5 }), 'clock'],
    ['a negative number', testFrame(layout, -1, [1, 2, 3]), 'garbage'],
    ['an endless exposure', testFrame(layout, 1, [1, 2, 3], { exposureUs: Infinity }), 'garbage'],
    ['nothing but NaN', testFrame(layout, 1, [NaN, NaN, -1]), 'notFinite'],
    ['the number of the frame before', testFrame(layout, 0, [1, 2, 3]), 'duplicate'],
  ];
  it.each(bad)('refuses a frame with %s, keeps it for inspection and goes on', (_name, frame, reason) => {
    const { ingress, seen } = open();
    ingress.next(testFrame(layout, 0, [1, 1, 1]));
    ingress.next(frame);
    ingress.next(testFrame(layout, 2, [2, 2, 2]));
    drain(ingress);
    expect(seen.map((each) => each.seq)).toEqual([0, 2]);
    expect(ingress.account().droppedCount).toEqual({ [reason]: 1 });
    expect(ingress.rejected().map((each) => each.reason)).toEqual([reason]);
  });

  it('refuses a late frame, but takes a source that starts again', () => {
    const { ingress, seen } = open();
    ingress.next(testFrame(layout, 5, [1, 1, 1]));
    ingress.next(testFrame(layout, 3, [1, 1, 1]));
    ingress.next(testFrame(layout, 0, [1, 1, 1], { timeUs: START_US + 10_000_000 }));
    drain(ingress);
    expect(seen.map((each) => each.seq)).toEqual([5, 0]);
    expect(ingress.account().droppedCount).toEqual({ outOfOrder: 1 });
  });

  it('flags a clock that jumps back', () => {
    const { ingress, seen } = open();
    ingress.next(testFrame(layout, 5, [1, 1, 1]));
    ingress.next(testFrame(layout, 6, [1, 1, 1], { timeUs: START_US }));
    drain(ingress);
    expect(seen[1]!.flags).toBe(FrameFlag.suspiciousClock);
  });

  it('masks single channels that hold no count and leaves the frame it was lent alone', () => {
    const { ingress, seen } = open();
    const frame = testFrame(layout, 0, [1, NaN, -2]);
    ingress.next(frame);
    drain(ingress);
    expect([...seen[0]!.mask!]).toEqual([0, 1, 1]);
    expect([...seen[0]!.values]).toEqual([1, 0, 0]);
    expect(frame.mask).toBeUndefined();
    expect(ingress.account().maskedCount).toBe(1);
  });

  it('keeps rejected packets bounded in number and size', () => {
    const { ingress } = open();
    for (let i = 0; i < 100; i++)
      ingress.reject({ reason: 'garbage', detail: `packet ${i}`, bytes: new Uint8Array(1 << 20) });
    expect(ingress.rejected()).toHaveLength(8);
    expect(ingress.rejected()[7]).toMatchObject({ detail: 'packet 99', byteCount: 1 << 20 });
    expect(ingress.rejected()[7]!.head.length).toBe(4096);
    expect(ingress.account()).toMatchObject({ receivedCount: 100, droppedCount: { garbage: 100 } });
  });

  it('joins slow signals as of the time of the frame, with their age', () => {
    const slowSignals = createSlowSignals();
    const { ingress, seen } = open({ slowSignals });
    const temperature = (ms: number, value: number) =>
      ingress.next({ type: 'slow', name: 'temperature', timeUs: START_US + ms * 1000, value, unit: 'K' });
    temperature(0, 300);
    temperature(250, 310);
    temperature(150, 305);
    temperature(900, 999);
    ingress.next(testFrame(layout, 2, [1, 1, 1]));
    ingress.next(testFrame(layout, 3, [1, 1, 1]));
    drain(ingress);
    expect(seen.map((each) => [each.context['temperature'], each.contextAgeUs['temperature']])).toEqual([
      [305, 50_000],
      [310, 50_000],
    ]);
  });

  it('waits for room only while it is full', async () => {
    const { ingress } = open({ capacity: 2 });
    ingress.next(testFrame(layout, 0, [1, 1, 1]));
    expect(ingress.room()).toBeNull();
    ingress.next(testFrame(layout, 1, [1, 1, 1]));
    const room = ingress.room();
    expect(room).not.toBeNull();
    drain(ingress);
    await room;
  });

  it('skips what was processed before a restart and measures the gap since', () => {
    const { ingress, seen } = open({ resumeAfter: { seq: 2, timeUs: START_US + 200_000 } });
    for (const seq of [0, 1, 2, 5]) ingress.next(testFrame(layout, seq, [1, 1, 1]));
    drain(ingress);
    expect(seen.map(essence).map(({ seq, unseenExposureUs }) => [seq, unseenExposureUs])).toEqual([[5, 200_000]]);
    expect(ingress.account()).toMatchObject({ receivedCount: 1, lostCount: 2 });
  });

  it('accounts for every frame and every photon, whatever comes', () => {
    const arrival = fc.record({ step: fc.integer({ min: -2, max: 3 }), drains: fc.nat(2), bad: fc.boolean() });
    const policies = fc.constantFrom<OverflowPolicy>('sum', 'dropOldest');
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 60 }),
        policies,
        fc.integer({ min: 1, max: 4 }),
        (arrivals, overflow, capacity) => {
          const { ingress, seen } = open({ overflow, capacity });
          let seq = 0;
          let sent = 0;
          let lastSeq = -1;
          let firstSeq = -1;
          for (const { step, drains, bad: isBad } of arrivals) {
            seq = Math.max(0, seq + step);
            if (isBad) ingress.reject({ reason: 'truncated', detail: '' });
            else ingress.next(testFrame(layout, seq, [1, 0, 0]));
            sent++;
            if (!isBad && seq > lastSeq) {
              if (firstSeq < 0) firstSeq = seq;
              lastSeq = seq;
            }
            for (let i = 0; i < drains; i++) ingress.drainOne();
          }
          drain(ingress);
          const account = ingress.account();
          expect(account.receivedCount).toBe(sent);
          expect(account.processedCount + account.mergedCount + droppedTotal(ingress)).toBe(sent);
          expect(account.processedCount).toBe(seen.length);
          const exposed = seen.reduce((sum, frame) => sum + frame.exposureUs + frame.unseenExposureUs, 0);
          expect(exposed).toBe(firstSeq < 0 ? 0 : (lastSeq - firstSeq + 1) * 100_000);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});
