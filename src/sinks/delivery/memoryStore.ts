import type { Store } from './store.ts';

export interface MemoryStoreOptions {
  /** Items that may wait, those taken included; beyond it the oldest are dropped and counted as 'overflow'. */
  readonly capacity: number;
  /** Items taken at once, at most. */
  readonly batchSize: number;
  countDropped(reason: string, count: number): void;
}

/** Items in memory, in order: lost with the process. */
export function createMemoryStore<T>({ capacity, batchSize, countDropped }: MemoryStoreOptions): Store<T> {
  const room = Math.max(1, capacity - batchSize);
  let waiting: T[] = [];
  let head = 0;
  let taken: readonly T[] = [];
  let pushedCount = 0;
  let lostCount = 0;

  const waitingCount = () => waiting.length - head + taken.length;

  /** Leaves the oldest behind; the array is cut now and then, so that this costs little per item. */
  function advance(count: number): void {
    head += count;
    if (head < waiting.length && head < room) return;
    waiting = waiting.slice(head);
    head = 0;
  }

  return {
    push(item) {
      if (waiting.length - head >= room) {
        advance(1);
        lostCount++;
        countDropped('overflow', 1);
      }
      waiting.push(item);
      pushedCount++;
    },
    waitingCount,
    take(count) {
      taken = waiting.slice(head, head + count);
      advance(taken.length);
      return taken;
    },
    settle() {
      taken = [];
    },
    follow() {
      const target = pushedCount;
      return () => Math.max(0, target - (pushedCount - waitingCount()));
    },
    secure: null,
    takeLostCount() {
      const lost = lostCount;
      lostCount = 0;
      return lost;
    },
    close() {
      const left = waitingCount();
      if (left > 0) countDropped('closed', left);
      waiting = [];
      taken = [];
      head = 0;
      return Promise.resolve();
    },
  };
}
