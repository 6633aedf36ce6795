import { describe, expect, it } from 'vitest';
import { createPump, type Drainable } from '../../src/pipeline/pump.ts';

function door(times: number[], taken: number[]): Drainable {
  return {
    get waitingCount() {
      return times.length;
    },
    get nextTimeUs() {
      return times[0] ?? Infinity;
    },
    drainOne() {
      taken.push(times.shift()!);
      return times.length > 0;
    },
  };
}
const options = { afterFrame: () => undefined, fail: () => undefined, budgetMs: 5, nowMs: () => 0 };

describe('pump', () => {
  it('takes the earliest frame of all streams first', async () => {
    const taken: number[] = [];
    const pump = createPump([door([1, 4, 5], taken), door([2, 3], taken)], options);
    pump.wake();
    await pump.idle();
    expect(taken).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets the event loop breathe when its time is up', async () => {
    const taken: number[] = [];
    let now = 0;
    const pump = createPump([door([1, 2, 3], taken)], { ...options, nowMs: () => (now += 10) });
    pump.wake();
    await new Promise(setImmediate);
    expect(taken.length).toBeLessThan(3);
    await pump.idle();
    expect(taken).toEqual([1, 2, 3]);
  });

  it('stops at the first failure and tells of it', async () => {
    const failures: unknown[] = [];
    const broken: Drainable = {
      waitingCount: 1,
      nextTimeUs: 0,
      drainOne: () => {
        throw new Error('broken');
      },
    };
    const pump = createPump([broken], { ...options, fail: (error) => failures.push(error) });
    pump.wake();
    await pump.idle();
    expect(failures).toHaveLength(1);
  });
});
