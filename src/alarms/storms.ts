import type { AlarmMemory } from '../model/alarm.ts';

/** Tells when the alarms of one cause have become a storm. */
export interface Storms {
  /** Notes an alarm. Returns how many of its cause came within the span that ends with it, itself included. */
  note(cause: string, timeUs: number): number;
  /** Times of the last alarms, by cause. */
  snapshot(): AlarmMemory['storms'];
}

/** So many causes are remembered; the one that was silent longest goes first. */
const MOST_CAUSES = 256;

/**
 * @param most - alarms of one cause within the span that still stand each for itself.
 * @param spanUs - of event time.
 */
export function createStorms(most: number, spanUs: number, state: AlarmMemory['storms'] = {}): Storms {
  const times = new Map(Object.entries(state).map(([cause, all]) => [cause, [...all]]));
  return {
    note(cause, timeUs) {
      const all = (times.get(cause) ?? []).filter((each) => timeUs - each < spanUs);
      all.push(timeUs);
      times.delete(cause);
      times.set(cause, all.slice(-1 - most));
      if (times.size > MOST_CAUSES) times.delete(times.keys().next().value as string);
      return all.length;
    },
    snapshot: () => Object.fromEntries([...times].map(([cause, all]) => [cause, [...all]])),
  };
}
