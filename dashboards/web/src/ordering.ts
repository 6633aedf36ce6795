import type { AnswerMessage, PageMessage } from '../../../src/server/protocol.ts';
import { createAsking, type Asked } from './asking.ts';
import { readInitials } from './initials.ts';

export type Order = PageMessage['permit']['command'];

/** Commands to the beam permit. */
export interface Ordering {
  /** Stops at once. */
  stop(nowMs: number): void;
  /** Grants the permit, under the initials that are kept. */
  rearm(reason: string, nowMs: number): void;
  /** What the monitor answered. */
  hear(answer: AnswerMessage): void;
  /** Null when it was not given. */
  state(order: Order, nowMs: number): Asked | null;
  /** What comes next is another act. */
  forget(order: Order): void;
}

/** @param send - returns false when there is no link. */
export function createOrdering(send: (message: Pick<PageMessage, 'permit'>) => boolean): Ordering {
  const asking = createAsking();
  const give = (command: Order, reason: string, nowMs: number): void =>
    void send({ permit: { command, id: asking.idFor(command, nowMs), by: readInitials(), reason } });
  return {
    stop(nowMs) {
      // Never the id of an earlier stop: that one is done once, and the beam may have been granted since.
      asking.forget('stop');
      give('stop', '', nowMs);
    },
    rearm: (reason, nowMs) => give('rearm', reason, nowMs),
    hear: asking.hear,
    state: asking.state,
    forget: asking.forget,
  };
}
