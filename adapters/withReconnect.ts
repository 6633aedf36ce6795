import { setTimeout as pause } from 'node:timers/promises';
import type { Rejection } from '../src/model/adapter.ts';
import { explainError } from '../src/model/error.ts';
import type { LinkHealth } from '../src/model/status.ts';

/** A link that delivers something and tells how it is: a transport, or a way to a shutter. */
export interface Linked<T> {
  readonly name: string;
  run(outlet: LinkedOutlet<T>, signal: AbortSignal): Promise<void>;
}

/** Where it delivers. */
export interface LinkedOutlet<T> {
  next(item: T): void;
  reject?(rejection: Rejection): void;
  room?(): Promise<void> | null;
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
}

export interface ReconnectOptions {
  /** Before the second attempt, milliseconds; doubled each time. @default 250 */
  readonly firstMs?: number;
  /** The longest wait, milliseconds: so much of an experiment may be missed after the server is back. @default 5000 */
  readonly longestMs?: number;
  /** In [0, 1): spreads the attempts of many clients of one server. @default Math.random */
  random?(): number;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => undefined);

/**
 * A link that does not give up: when it is lost, or the server is not there, it reports that, waits and tries again.
 *
 * Waits grow exponentially, each cut to between half and all of itself at random; a link that was up begins anew with the first.
 * Ends when the signal aborts, or when the link ends by itself. The same trouble is reported once, not at every attempt.
 */
export function withReconnect<T>(link: Linked<T>, options: ReconnectOptions = {}): Linked<T> {
  const { firstMs = 250, longestMs = 5000, random = Math.random, wait = waitFor } = options;
  return {
    name: link.name,
    async run(outlet, signal) {
      let waitMs = firstMs;
      let trouble = '';
      const watched: LinkedOutlet<T> = {
        next: (item) => outlet.next(item),
        reject: (rejection) => outlet.reject?.(rejection),
        room: () => outlet.room?.() ?? null,
        report(health) {
          if (health.state === 'ok') waitMs = firstMs;
          trouble = '';
          outlet.report(health);
        },
      };
      outlet.report({ state: 'connecting', detail: `connecting by ${link.name}` });
      while (!signal.aborted) {
        try {
          await link.run(watched, signal);
          return;
        } catch (error) {
          // An abort may be the cause of the loss.
          if (isAborted(signal)) return;
          const detail = `${explainError(error)}; trying again, at least every ${longestMs / 1000} s`;
          if (detail !== trouble) outlet.report({ state: 'down', detail });
          trouble = detail;
          await wait(Math.round(waitMs * (0.5 + 0.5 * random())), signal);
          waitMs = Math.min(2 * waitMs, longestMs);
        }
      }
    },
  };
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;
