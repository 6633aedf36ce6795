import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';

/** How a network behaves while nothing is broken. */
export interface NetworkHabits {
  /** Longest delay of a usual message, milliseconds. */
  readonly delayMs: number;
  /** Share of the messages that take up to `lateMs`, and so come out of order. */
  readonly lateShare: number;
  readonly lateMs: number;
  readonly lossShare: number;
  readonly duplicateShare: number;
}

export const QUIET: NetworkHabits = { delayMs: 3, lateShare: 0, lateMs: 0, lossShare: 0, duplicateShare: 0 };

/** One direction of one link. */
export interface Wire {
  /** 'lost' drops what is sent; 'stalled' keeps it and delivers it, in order, when it is 'up' again. */
  set(state: 'up' | 'lost' | 'stalled'): void;
  send(deliver: () => void): void;
  habits: NetworkHabits;
}

/** What is kept while stalled: a socket buffer is no sea. */
const MOST_KEPT = 2000;

export function createWire(agenda: Agenda, random: Random): Wire {
  let state: 'up' | 'lost' | 'stalled' = 'up';
  let kept: (() => void)[] = [];
  const wire: Wire = {
    habits: QUIET,
    set(next) {
      state = next;
      if (next === 'lost') kept = [];
      if (next !== 'up') return;
      const due = kept;
      kept = [];
      for (const deliver of due) deliver();
    },
    send(deliver) {
      const { habits } = wire;
      if (state === 'lost' || random.chance(habits.lossShare)) return;
      if (state === 'stalled') {
        if (kept.length < MOST_KEPT) kept.push(deliver);
        return;
      }
      const copies = random.chance(habits.duplicateShare) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        const longestMs = random.chance(habits.lateShare) ? habits.lateMs : habits.delayMs;
        agenda.at(agenda.nowMs + random.between(0.1, Math.max(0.2, longestMs)), deliver);
      }
    },
  };
  return wire;
}
