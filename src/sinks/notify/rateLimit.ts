/** At most so many events within any span of time. Plain state, no clock of its own. */
export interface RateLimit {
  /** Milliseconds until the next event is allowed; 0 when it is now. @param nowMs - monotonic. */
  waitMs(nowMs: number): number;
  /** An event has taken place. */
  note(nowMs: number): void;
}

/** @param perMs - the span, milliseconds. */
export function createRateLimit(most: number, perMs: number): RateLimit {
  const events: number[] = [];
  return {
    waitMs(nowMs) {
      while (events.length > 0 && events[0]! <= nowMs - perMs) events.shift();
      return events.length < most ? 0 : events[events.length - most]! + perMs - nowMs;
    },
    note(nowMs) {
      events.push(nowMs);
    },
  };
}
