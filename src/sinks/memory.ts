import { z } from 'zod';
import { cloneFrame } from '../model/frame.ts';
import { defineSink, type Sink } from '../model/sink.ts';
import { SIGNAL_TYPES, type Signal } from '../model/signal.ts';

/** A signal and the node it came from. */
export interface KeptSignal {
  readonly from: string;
  readonly signal: Signal;
}

export interface MemorySink extends Sink {
  /** The last signals, oldest first; copies that may be kept. */
  kept(): readonly KeptSignal[];
  /** Signals written since the start, forgotten ones included. */
  writtenCount(): number;
}

/** A copy of a signal that shares nothing with it but a frame's layout. */
function copySignal(signal: Signal): Signal {
  return signal.type === 'frame' ? cloneFrame(signal) : structuredClone(signal);
}

/**
 * Keeps the last signals in memory: for tests, and for programs that embed the monitor.
 *
 * @param capacity - signals to keep, at least 1; the oldest is forgotten first.
 */
export function createMemorySink(capacity = 1000): MemorySink {
  if (!(capacity >= 1)) throw new RangeError(`capacity is ${capacity}, expected at least 1`);
  const ring: KeptSignal[] = [];
  let writtenCount = 0;
  let isClosed = false;
  return {
    name: 'memory',
    accepts: SIGNAL_TYPES,
    write(signal, from) {
      if (isClosed) return;
      ring[writtenCount++ % capacity] = { from, signal: copySignal(signal) };
    },
    flush: () => Promise.resolve(),
    close() {
      isClosed = true;
      return Promise.resolve();
    },
    kept() {
      const start = writtenCount > ring.length ? writtenCount % capacity : 0;
      return [...ring.slice(start), ...ring.slice(0, start)];
    },
    writtenCount: () => writtenCount,
  };
}

export default defineSink({
  name: 'memory',
  summary: 'Keeps the last signals in memory, for tests and for programs that embed the monitor.',
  accepts: SIGNAL_TYPES,
  config: z.strictObject({
    capacity: z.number().int().min(1).default(1000).describe('Signals kept; the oldest is forgotten first.'),
  }),
  example: { capacity: 100 },
  create: ({ capacity }, setting) => {
    setting.report({ state: 'ok', detail: '' });
    return createMemorySink(capacity);
  },
});
