import type { StreamStatus } from '../model/status.ts';

type Account = Omit<StreamStatus, 'state' | 'framesPerSecond'>;

/** Silence after which a stream is stale: three frame periods, at least a second. */
export function staleAfterMs(framePeriodUs: number | null): number {
  return Math.max((3 * (framePeriodUs ?? 0)) / 1000, 1000);
}

/** Adds to a stream's account what needs a clock: is it live, how fast do frames come. */
export interface StreamClock {
  /** Call at a steady pace. */
  judge(account: Account, hasEnded: boolean): StreamStatus;
}

/** @param now - milliseconds of a clock that never steps: the time of day may be set while we run. */
export function createStreamClock(now: () => number = () => performance.now()): StreamClock {
  let lastCount = 0;
  let lastArrivalMs: number | null = null;
  let rate = 0;
  let rateSince: { ms: number; count: number } | null = null;
  return {
    judge(account, hasEnded) {
      const nowMs = now();
      const count = account.receivedCount;
      if (count > lastCount) lastArrivalMs = nowMs;
      lastCount = count;
      rateSince ??= { ms: nowMs, count };
      if (nowMs - rateSince.ms >= 1000) {
        rate = ((count - rateSince.count) * 1000) / (nowMs - rateSince.ms);
        rateSince = { ms: nowMs, count };
      }
      return { ...account, state: stateOf(account, hasEnded, lastArrivalMs, nowMs), framesPerSecond: rate };
    },
  };
}

function stateOf(
  account: Account,
  hasEnded: boolean,
  lastArrivalMs: number | null,
  nowMs: number,
): StreamStatus['state'] {
  if (hasEnded) return 'ended';
  if (lastArrivalMs === null) return 'waiting';
  return nowMs - lastArrivalMs > staleAfterMs(account.framePeriodUs) ? 'stale' : 'live';
}
