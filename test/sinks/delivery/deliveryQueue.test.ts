import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryOptions } from '../../../src/sinks/delivery/delivery.ts';
import { createDeliveryQueue } from '../../../src/sinks/delivery/deliveryQueue.ts';
import { until } from '../../support/servers.ts';
import { listeningSetting } from '../signals.ts';

/** A place that can be away, and remembers what came. */
function createPlace() {
  const received: number[] = [];
  const state = { isAway: false, attemptCount: 0, busyCount: 0, worst: 0, batches: [] as number[] };
  const deliver = async (batch: readonly number[]) => {
    state.attemptCount++;
    state.worst = Math.max(state.worst, ++state.busyCount);
    await Promise.resolve();
    state.busyCount--;
    if (state.isAway) throw new Error('nobody there');
    state.batches.push(batch.length);
    received.push(...batch);
  };
  return { received, state, deliver };
}

function open(parts: Partial<DeliveryOptions<number> & { capacity: number }> = {}) {
  const place = createPlace();
  const listening = listeningSetting();
  const queue = createDeliveryQueue<number>(
    {
      capacity: 100,
      batchSize: 10,
      intervalMs: 1,
      retryMs: [1, 4],
      trouble: 'the place is away',
      noun: 'things',
      deliver: place.deliver,
      ...parts,
    },
    listening.setting,
  );
  return { queue, ...place, ...listening };
}

describe('a delivery queue', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends a full batch at once, and the rest after the interval', async () => {
    const { queue, state } = open({ intervalMs: 50 });
    for (let i = 0; i < 25; i++) queue.push(i);
    await until('the full ones are there', () => state.batches.length >= 2);
    expect(state.batches).toEqual([10, 10]);
    await until('the rest is there', () => state.batches.length >= 3);
    expect(state.batches).toEqual([10, 10, 5]);
    await queue.close(10);
  });

  it('delivers one batch at a time, in order, whatever fails', async () => {
    const { queue, received, state } = open();
    for (let i = 0; i < 60; i++) {
      state.isAway = i % 7 < 4;
      queue.push(i);
      if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    state.isAway = false;
    await queue.flush(5000);
    expect(received).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(state.worst).toBe(1);
    await queue.close(10);
  });

  it('loses nothing uncounted, and keeps the order, under any pattern of failures and pushes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ pushes: fc.nat(30), isAway: fc.boolean(), waits: fc.boolean() }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (steps, capacity, batchSize) => {
          const { queue, received, state, dropped } = open({ capacity, batchSize });
          let pushed = 0;
          for (const { pushes, isAway, waits } of steps) {
            state.isAway = isAway;
            for (let i = 0; i < pushes; i++) queue.push(pushed++);
            expect(queue.waitingCount()).toBeLessThanOrEqual(Math.max(2, capacity));
            if (waits) await new Promise((resolve) => setTimeout(resolve, 2));
          }
          await queue.close(5);
          expect(received.length + (dropped.overflow ?? 0) + (dropped.closed ?? 0)).toBe(pushed);
          expect(received).toEqual(received.toSorted((a, b) => a - b));
          expect(new Set(received).size).toBe(received.length);
        },
      ),
      { seed: 20260301, numRuns: 60 },
    );
  });

  it('drops the oldest when it is full, and the next flush says how many were lost, once', async () => {
    const { queue, received, state, dropped } = open({ capacity: 20 });
    state.isAway = true;
    for (let i = 0; i < 50; i++) queue.push(i);
    state.isAway = false;
    await expect(queue.flush(1000)).rejects.toThrow(`0 things still wait, ${dropped.overflow} were lost`);
    expect(received.at(-1)).toBe(49);
    expect(received).toHaveLength(50 - dropped.overflow!);
    await queue.flush(1000);
    await queue.close(10);
  });

  it('asks less and less often while the place is away, and hurries when somebody waits', async () => {
    vi.useFakeTimers();
    const { queue, state, reports } = open({ retryMs: [100, 10_000] });
    state.isAway = true;
    queue.greet();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.attemptCount).toBeGreaterThan(8);
    expect(state.attemptCount).toBeLessThan(25);
    expect(reports.at(-1)).toMatchObject({ state: 'down' });
    expect(reports.at(-1)!.detail).toMatch(/^the place is away since .*Z, 0 things wait: nobody there$/);
    queue.push(1);
    const before = state.attemptCount;
    const flushed = queue.flush(2000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(state.attemptCount - before).toBeGreaterThan(8);
    state.isAway = false;
    await vi.advanceTimersByTimeAsync(200);
    await flushed;
    expect(reports.at(-1)).toEqual({ state: 'ok', detail: '' });
    const closed = queue.close(10);
    await vi.advanceTimersByTimeAsync(20);
    await closed;
  });

  it('counts as closed what could not be delivered in time, and what comes afterwards', async () => {
    const { queue, state, dropped } = open();
    state.isAway = true;
    for (let i = 0; i < 15; i++) queue.push(i);
    await queue.close(20);
    expect(dropped).toEqual({ closed: 15 });
    queue.push(99);
    await queue.close(20);
    expect(dropped).toEqual({ closed: 16 });
  });
});
