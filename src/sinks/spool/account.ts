import { countPending, countWithin, cutLive, without } from './ranges.ts';
import type { Range } from './ranges.ts';

export interface AccountOptions {
  /** What an earlier run left to be delivered, the open end included. */
  readonly pending: readonly Range[];
  /** 'inOrder', or 'liveFirst': of a long backlog, every second delivery is of what is new. */
  readonly order: 'inOrder' | 'liveFirst';
  /** Items of one delivery, at most. */
  readonly batchSize: number;
  /** Number of the item that comes next. */
  end(): number;
  countDropped(reason: string, count: number): void;
}

/** Which items are still to be delivered, which are on their way, and how many are lost. */
export interface SpoolAccount {
  pending(): readonly Range[];
  /** Number of the oldest that waits, or of the one that comes next. */
  oldest(): number;
  waitingCount(): number;
  /** The numbers from which the next delivery of `count` items is taken; empty when none waits. */
  choose(count: number): Range;
  /** These are on their way; of them so many cannot be read any more. */
  take(range: Range, missingCount: number): void;
  /** What is on its way has arrived. */
  settle(): void;
  /** Gives up [from, to), but what is on its way. */
  lose(reason: string, from: number, to: number): void;
  addLost(reason: string, count: number): void;
  /** Since the last call. */
  takeLostCount(): number;
}

/** Batches that may wait before they count as backlog. */
const LIVE_BATCHES = 8;

export function createAccount({ order, batchSize, end, countDropped, ...options }: AccountOptions): SpoolAccount {
  let { pending } = options;
  let taken: Range | null = null;
  let isLiveNext = true;
  let lostCount = 0;

  function addLost(reason: string, count: number): void {
    if (count <= 0) return;
    lostCount += count;
    countDropped(reason, count);
  }

  return {
    pending: () => pending,
    oldest: () => Math.min(pending[0]!.from, end()),
    waitingCount: () => countPending(pending, end()),
    choose(count) {
      if (order === 'liveFirst' && end() - pending.at(-1)!.from > LIVE_BATCHES * batchSize)
        pending = cutLive(pending, end() - count);
      const live = pending.at(-1)!;
      const hasLive = live.from < end();
      const range = pending.length === 1 || (hasLive && isLiveNext) ? live : pending[0]!;
      isLiveNext = !(hasLive && isLiveNext);
      return { from: range.from, to: Math.min(range.to, end()) };
    },
    take(range, missingCount) {
      taken = range;
      addLost('damaged', missingCount);
    },
    settle() {
      if (taken !== null) pending = without(pending, taken.from, taken.to);
      taken = null;
    },
    lose(reason, from, to) {
      const inFlight = taken === null ? 0 : countWithin([taken], from, to);
      const count = countWithin(pending, from, to) - inFlight;
      pending = without(pending, from, to);
      addLost(reason, count);
    },
    addLost,
    takeLostCount() {
      const lost = lostCount;
      lostCount = 0;
      return lost;
    },
  };
}
