import type { SlowSample } from '../model/signal.ts';

interface History {
  readonly name: string;
  /** Whose frames it is for; undefined for all. */
  readonly stream: string | undefined;
  readonly timesUs: Float64Array;
  readonly values: Float64Array;
  unit: string;
  /** Samples held, at most the capacity; the oldest is overwritten. */
  count: number;
  /** Where the next sample goes. */
  next: number;
}

/** The recent past of every slow signal, kept to be joined as of a frame's time. */
export interface SlowSignals {
  add(sample: SlowSample): void;
  /** Writes the latest value at or before `timeUs` of every signal for this stream into `context`, and its age into `ageUs`. */
  joinAsOf(timeUs: number, context: Record<string, number>, ageUs: Record<string, number>, stream?: string): void;
  /** The value of every signal as of `timeUs`, and all that are newer, in order of time: what later frames may need. */
  since(timeUs: number): SlowSample[];
  /** UCUM unit of a signal; undefined when it has not been seen. */
  unitOf(name: string): string | undefined;
}

/** @param capacity - samples kept per signal: how far a frame may lag behind its slow signals. */
export function createSlowSignals(capacity = 4096): SlowSignals {
  const histories = new Map<string, History>();
  return {
    add(sample) {
      const key = `${sample.name}\n${sample.stream ?? ''}`;
      let history = histories.get(key);
      if (history === undefined) {
        history = {
          name: sample.name,
          stream: sample.stream,
          timesUs: new Float64Array(capacity),
          values: new Float64Array(capacity),
          unit: sample.unit,
          count: 0,
          next: 0,
        };
        histories.set(key, history);
      }
      insert(history, sample, capacity);
    },
    joinAsOf(timeUs, context, ageUs, stream) {
      for (const history of histories.values()) {
        if (history.stream !== undefined && history.stream !== stream) continue;
        const { name } = history;
        const at = latestAsOf(history, timeUs, capacity);
        if (at < 0) continue;
        context[name] = history.values[at]!;
        ageUs[name] = timeUs - history.timesUs[at]!;
      }
    },
    since: (timeUs) =>
      [...histories.values()].flatMap((history) => {
        const { name, stream, unit } = history;
        const samples: SlowSample[] = [];
        let slot = history.next;
        for (let back = 0; back < history.count; back++) {
          slot = (slot + capacity - 1) % capacity;
          const sample = { timeUs: history.timesUs[slot]!, value: history.values[slot]! };
          samples.unshift({ type: 'slow', name, ...(stream === undefined ? {} : { stream }), ...sample, unit });
          if (sample.timeUs <= timeUs) break;
        }
        return samples;
      }),
    unitOf: (name) => [...histories.values()].find((history) => history.name === name)?.unit,
  };
}

/** Keeps the history in order of time although samples may arrive late. */
function insert(history: History, sample: SlowSample, capacity: number): void {
  const { timesUs, values } = history;
  history.unit = sample.unit;
  const oldestHeld = history.count < capacity ? 0 : 1;
  let slot = history.next;
  for (let back = 0; back < history.count - oldestHeld; back++) {
    const before = (slot + capacity - 1) % capacity;
    if (timesUs[before]! <= sample.timeUs) break;
    timesUs[slot] = timesUs[before]!;
    values[slot] = values[before]!;
    slot = before;
  }
  timesUs[slot] = sample.timeUs;
  values[slot] = sample.value;
  history.next = (history.next + 1) % capacity;
  history.count = Math.min(capacity, history.count + 1);
}

function latestAsOf(history: History, timeUs: number, capacity: number): number {
  let slot = history.next;
  for (let back = 0; back < history.count; back++) {
    slot = (slot + capacity - 1) % capacity;
    if (history.timesUs[slot]! <= timeUs) return slot;
  }
  return -1;
}
