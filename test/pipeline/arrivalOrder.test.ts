import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneFrame, FrameFlag, type Frame } from '../../src/model/frame.ts';
import { createIngress } from '../../src/pipeline/ingress.ts';
import { createSlowSignals } from '../../src/pipeline/slowSignals.ts';
import { channelLayout, START_US, testFrame } from '../support/frames.ts';

const layout = channelLayout(2);
const YEAR_US = 365.25 * 86_400e6;
const PERIOD_US = 100_000;

/** A door that processes every frame at once. */
function open() {
  const seen: Frame[] = [];
  const ingress = createIngress({
    stream: 's',
    capacity: 4,
    overflow: 'sum',
    slowSignals: createSlowSignals(),
    framePeriodUs: null,
    latestUs: () => START_US + 2 * 86_400e6,
    resumeAfter: null,
    wake: () => undefined,
    fail: (error) => {
      throw error;
    },
    report: () => undefined,
  });
  ingress.frames$.subscribe((frame) => seen.push(cloneFrame(frame)));
  const send = (seq: number, timeUs = START_US + seq * PERIOD_US): void => {
    ingress.next(testFrame(layout, seq, [1, 1], { timeUs }));
    while (ingress.drainOne());
  };
  const seqs = (): number[] => seen.map(({ seq }) => seq);
  const isDoubtful = (): boolean[] => seen.map(({ flags }) => (flags & FrameFlag.suspiciousClock) !== 0);
  return { send, seen, seqs, isDoubtful, account: () => ingress.account() };
}

describe('the order of arrivals', () => {
  it('knows a repetition of any recent frame for a duplicate, and a late frame for one out of order', () => {
    const { send, seqs, account } = open();
    for (const seq of [0, 1, 2, 5, 1, 2, 5, 4, 6]) send(seq);
    expect(seqs()).toEqual([0, 1, 2, 5, 6]);
    expect(account()).toMatchObject({ droppedCount: { duplicate: 3, outOfOrder: 1 }, lostCount: 2, restartCount: 0 });
  });

  it('drops all of a buffer that a sender repeats after a lost link, however long it is', () => {
    const { send, seqs, account } = open();
    for (let seq = 0; seq < 10_000; seq++) send(seq);
    for (let seq = 0; seq < 10_000; seq++) send(seq);
    send(10_000);
    expect(seqs()).toHaveLength(10_001);
    const { duplicate = 0, outOfOrder = 0 } = account().droppedCount;
    expect(duplicate + outOfOrder).toBe(10_000);
    expect(duplicate).toBeGreaterThanOrEqual(2048);
  });

  it('takes a counter that begins anew for a restart, and loses nothing by it', () => {
    const { send, seqs, account } = open();
    for (const seq of [7, 8, 9]) send(seq);
    for (const seq of [0, 1]) send(seq, START_US + 60e6 + seq * PERIOD_US);
    expect(seqs()).toEqual([7, 8, 9, 0, 1]);
    expect(account()).toMatchObject({ restartCount: 1, lostCount: 0, droppedCount: {} });
  });

  it('takes a source that numbers every exposure 0', () => {
    const { send, seqs, account } = open();
    for (let k = 0; k < 4; k++) send(0, START_US + k * PERIOD_US);
    send(0, START_US + 3 * PERIOD_US + 10);
    expect(seqs()).toEqual([0, 0, 0, 0]);
    expect(account()).toMatchObject({ restartCount: 3, droppedCount: { duplicate: 1 } });
  });

  it.each([2 ** 16, 2 ** 31, 2 ** 32])('counts what is lost where a counter passes its end at %i', (end) => {
    const { send, seen, account } = open();
    send(end - 2, START_US);
    send(1, START_US + 3 * PERIOD_US);
    expect(account()).toMatchObject({ lostCount: 2, restartCount: 1 });
    expect(seen[1]).toMatchObject({ flags: FrameFlag.afterGap, unseenExposureUs: 2 * PERIOD_US });
  });

  it('is not wedged by a source that is restarted with its clock 43 years behind', () => {
    const { send, seen, seqs, isDoubtful, account } = open();
    for (let seq = 0; seq < 100; seq++) send(seq);
    for (let seq = 0; seq < 6; seq++) send(seq, START_US - 43 * YEAR_US + seq * PERIOD_US);
    expect(seqs().slice(100)).toEqual([2, 3, 4, 5]);
    expect(isDoubtful().slice(98)).toEqual([false, false, true, true, true, true]);
    // Two frames were refused until it was clear, but the sample had their dose.
    expect(seen[100]!.unseenExposureUs).toBe(2 * PERIOD_US);
    expect(account()).toMatchObject({ restartCount: 1, droppedCount: { outOfOrder: 2 } });
  });

  it('goes on after a clock that jumps a year ahead and back, and says which frames to doubt', () => {
    const { send, seqs, isDoubtful, account, seen } = open();
    for (let seq = 0; seq < 3; seq++) send(seq);
    for (let seq = 3; seq < 6; seq++) send(seq, START_US + YEAR_US + seq * PERIOD_US);
    for (let seq = 6; seq < 9; seq++) send(seq);
    expect(seqs()).toEqual([0, 1, 2, 6, 7, 8]);
    expect(isDoubtful()).toEqual([false, false, false, true, false, false]);
    // They came, so that they are not lost; and what they delivered is charged once.
    expect(account()).toMatchObject({ droppedCount: { clock: 3 }, lostCount: 0, suspiciousClockCount: 1 });
    expect(seen[3]!.unseenExposureUs).toBe(3 * PERIOD_US);
  });

  it('doubts all frames from 43 years ago, and measures the frame period as before when the clock is right again', () => {
    const { send, seqs, isDoubtful, account } = open();
    for (let seq = 0; seq < 20; seq++) send(seq);
    for (let seq = 20; seq < 23; seq++) send(seq, START_US - 43 * YEAR_US + seq * PERIOD_US);
    for (let seq = 23; seq < 60; seq++) send(seq);
    expect(seqs()).toHaveLength(60);
    expect(isDoubtful().flatMap((doubt, seq) => (doubt ? [seq] : []))).toEqual([20, 21, 22]);
    expect(account().framePeriodUs).toBeCloseTo(PERIOD_US, -4);
    expect(account().suspiciousClockCount).toBe(3);
  });

  it('takes a clock that steps back by milliseconds, flagged until it has caught up', () => {
    const { send, seqs, isDoubtful } = open();
    send(0, START_US);
    send(1, START_US + 100_000);
    send(2, START_US + 98_000);
    send(3, START_US + 99_500);
    send(4, START_US + 200_000);
    expect(seqs()).toEqual([0, 1, 2, 3, 4]);
    expect(isDoubtful()).toEqual([false, false, true, true, false]);
  });

  it('charges the exposure of missing frames when the clock does not tell how many fit', () => {
    const { send, seen } = open();
    send(0, START_US + 10e6);
    send(4, START_US);
    expect(seen[1]).toMatchObject({ unseenExposureUs: 3 * PERIOD_US });
  });

  it('is never wedged: whatever came before, a steady source is taken again at its third frame', () => {
    const hours = fc.oneof(fc.integer({ min: -100_000, max: 29 }), fc.integer({ min: 49, max: 100_000 }));
    const piece = fc.record({ from: fc.nat(5000), hours, ms: fc.integer({ min: -500, max: 500 }), count: fc.nat(6) });
    const pieces = fc.array(piece, { maxLength: 12 });
    // Before or behind all of the pieces, so that it cannot pass for late frames that fill their gaps.
    const away = fc.constantFrom(-150_000, 30);
    fc.assert(
      fc.property(pieces, fc.nat(5000), away, (before, from, awayHours) => {
        const { send, seen, account } = open();
        let sent = 0;
        const run = (first: number, startUs: number, count: number): void => {
          for (let k = 0; k < count; k++, sent++) send(first + k, startUs + k * PERIOD_US);
        };
        for (const { from: first, hours: pieceHours, ms, count } of before)
          run(first, START_US + pieceHours * 3600e6 + ms * 1000, count);
        const settled = seen.length;
        run(from, START_US + awayHours * 3600e6 + 1_234_567, 20);
        expect(seen.length - settled).toBeGreaterThanOrEqual(18);
        const { receivedCount, processedCount, droppedCount } = account();
        const dropped = Object.values(droppedCount).reduce((sum, count) => sum + count, 0);
        expect([receivedCount, processedCount + dropped]).toEqual([sent, sent]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('processes no frame twice, in whatever order a network delivers and repeats', () => {
    const delivery = fc.array(fc.record({ seq: fc.nat(40), delay: fc.nat(8) }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(delivery, (deliveries) => {
        const { send, seqs } = open();
        for (const { seq } of deliveries.sort((a, b) => a.seq + a.delay - (b.seq + b.delay))) send(1000 + seq);
        expect(new Set(seqs()).size).toBe(seqs().length);
        expect(seqs()).toEqual([...seqs()].sort((a, b) => a - b));
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
