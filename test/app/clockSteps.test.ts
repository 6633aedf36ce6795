import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacedOutlet } from '../../src/app/pacedOutlet.ts';
import { createStreamClock } from '../../src/app/streamClock.ts';
import type { Frame } from '../../src/model/frame.ts';
import type { StreamStatus } from '../../src/model/status.ts';
import { frameOf, layoutOf } from '../server/fixtures.ts';

const YEAR_MS = 365 * 86_400_000;

describe('a clock of this machine that is set while we run', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const step = (byMs: number): void => {
    vi.setSystemTime(Date.now() + byMs);
  };

  it.each([-YEAR_MS, YEAR_MS])('leaves the pace of a replay (%i ms)', async (byMs) => {
    const passed: number[] = [];
    const outlet = createPacedOutlet(
      {
        next: (item) => void passed.push((item as Frame).seq),
        reject: () => undefined,
        report: () => undefined,
        room: () => null,
      },
      1,
      new AbortController().signal,
    );
    const layout = layoutOf(4);
    const frameAt = (seq: number): Frame => ({
      ...frameOf(layout, seq, new Float64Array(4)),
      timeUs: 1_700_000_000_000_000 + seq * 300_000,
    });
    outlet.next(frameAt(0));
    await outlet.finish();
    step(byMs);
    outlet.next(frameAt(1));
    await pause(50);
    expect(passed).toEqual([0]);
    await outlet.finish();
    expect(passed).toEqual([0, 1]);
  });

  it('neither ages a live stream nor keeps a silent one alive', async () => {
    const clock = createStreamClock();
    const account = { receivedCount: 1, framePeriodUs: 100_000 } as StreamStatus;
    expect(clock.judge({ ...account, receivedCount: 0 }, false).state).toBe('waiting');
    expect(clock.judge(account, false).state).toBe('live');
    step(YEAR_MS);
    expect(clock.judge(account, false).state).toBe('live');
    step(-2 * YEAR_MS);
    await expect.poll(() => clock.judge(account, false).state, { timeout: 5000 }).toBe('stale');
  });
});
