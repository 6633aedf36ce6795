import { SIGNAL_TYPES, type Signal } from '../model/signal.ts';
import type { Sink } from '../model/sink.ts';

/** A sink made of one function. */
export function listener(name: string, hear: (signal: Signal, from: string) => void): Sink {
  return { name, accepts: SIGNAL_TYPES, write: hear, flush: () => Promise.resolve(), close: () => Promise.resolve() };
}
