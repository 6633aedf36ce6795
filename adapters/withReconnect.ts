import { setTimeout as pause } from 'node:timers/promises';
import type { Transport } from '../src/model/adapter.ts';
import { explainError } from '../src/model/error.ts';

export interface ReconnectOptions {
  /** Before the second attempt, milliseconds; doubled each time. @default 250 */
  readonly firstMs?: number;
  /** The longest wait, milliseconds. @default 30000 */
  readonly longestMs?: number;
  /** In [0, 1): spreads the attempts of many clients of one server. @default Math.random */
  random?(): number;
}

/**
 * A transport that does not give up: when its link is lost, or the server is not there, it reports that, waits and tries again.
 *
 * Waits grow exponentially, each cut to between half and all of itself at random; a link that was up begins anew with the first.
 * Ends when the signal aborts, or when the transport ends by itself.
 */
export function withReconnect(transport: Transport, options: ReconnectOptions = {}): Transport {
  const { firstMs = 250, longestMs = 30_000, random = Math.random } = options;
  return {
    name: transport.name,
    async run(outlet, signal) {
      let waitMs = firstMs;
      const watched: typeof outlet = {
        next: (packet) => outlet.next(packet),
        report(health) {
          if (health.state === 'ok') waitMs = firstMs;
          outlet.report(health);
        },
      };
      while (!signal.aborted) {
        try {
          await transport.run(watched, signal);
          return;
        } catch (error) {
          if (signal.aborted) return;
          const ms = Math.round(waitMs * (0.5 + 0.5 * random()));
          const wait = ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(0)} s`;
          outlet.report({ state: 'down', detail: `${explainError(error)}; trying again in ${wait}` });
          waitMs = Math.min(2 * waitMs, longestMs);
          await pause(ms, undefined, { signal }).catch(() => undefined);
        }
      }
    },
  };
}
