/** Virtual time: what is to happen, in order of time and, at one time, of being planned. */
export interface Agenda {
  readonly nowMs: number;
  /** @param timeMs - one that has passed means now. */
  at(timeMs: number, act: () => void): void;
  /** @param before - called with the time of each event, before it happens. */
  run(untilMs: number, before: (nowMs: number) => void): void;
}

interface Entry {
  readonly timeMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** An empty agenda at time 0. */
export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let nowMs = 0;
  let order = 0;
  const isBefore = (a: Entry, b: Entry): boolean => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order);
  const push = (entry: Entry): void => {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  };
  const pop = (): Entry => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  };
  return {
    get nowMs() {
      return nowMs;
    },
    at: (timeMs, act) => push({ timeMs: Math.max(timeMs, nowMs), order: order++, act }),
    run(untilMs, before) {
      while (heap.length > 0 && heap[0]!.timeMs <= untilMs) {
        const { timeMs, act } = pop();
        nowMs = timeMs;
        before(timeMs);
        act();
      }
      nowMs = untilMs;
      before(untilMs);
    },
  };
}
