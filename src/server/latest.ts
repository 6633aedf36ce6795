import type { Reading } from '../model/signal.ts';

/** The latest finite readings of one stage, by name. Written on the hot path. */
export interface Latest {
  read(reading: Reading): void;
  /** Null before the first. */
  of(name: string): Reading | null;
  value(name: string): number | null;
  /** Value of `name` where it is of the same frame as the latest `anchor`, else null: it is not said any more. */
  beside(anchor: string, name: string): number | null;
}

export function createLatest(): Latest {
  const readings = new Map<string, Reading>();
  const of = (name: string): Reading | null => readings.get(name) ?? null;
  return {
    read(reading) {
      if (Number.isFinite(reading.value)) readings.set(reading.name, reading);
    },
    of,
    value: (name) => of(name)?.value ?? null,
    beside(anchor, name) {
      const reading = of(name);
      return reading !== null && reading.seq === of(anchor)?.seq ? reading.value : null;
    },
  };
}
