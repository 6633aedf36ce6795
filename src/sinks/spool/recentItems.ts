/** The newest items of a spool in memory, by number: those not on disk yet, and the latest that are. */
export interface RecentItems {
  /** Number of the oldest that is held. */
  start(): number;
  /** Number after the newest. */
  end(): number;
  /** Length of all texts together, characters. */
  size(): number;
  push(item: string): void;
  /** Numbers [from, to), which must be held. */
  slice(from: number, to: number): string[];
  /** Forgets all below `number`. */
  dropBefore(number: number): void;
}

/** @param start - number of the first item that will be pushed. */
export function createRecentItems(start: number): RecentItems {
  let items: string[] = [];
  /** Number of items[0]. */
  let base = start;
  let head = 0;
  let size = 0;
  return {
    start: () => base + head,
    end: () => base + items.length,
    size: () => size,
    push(item) {
      items.push(item);
      size += item.length;
    },
    slice: (from, to) => items.slice(from - base, to - base),
    dropBefore(number) {
      const end = Math.min(number - base, items.length);
      for (; head < end; head++) {
        size -= items[head]!.length;
        items[head] = '';
      }
      if (head < 1024 || head < items.length / 2) return;
      items = items.slice(head);
      base += head;
      head = 0;
    },
  };
}
