import type { AnswerMessage, PageMessage } from '../../../src/server/protocol.ts';
import { createAsking, type Asked } from './asking.ts';
import { readInitials } from './initials.ts';

/** Commands to accept a new state, one per alert. */
export interface Accepting {
  /** Asks the monitor; asks again where it has not answered. */
  ask(alertId: string, nowMs: number): void;
  /** What the monitor answered. */
  hear(answer: AnswerMessage): void;
  /** Null when it was not asked. */
  state(alertId: string, nowMs: number): Asked | null;
}

/** @param send - returns false when there is no link. */
export function createAccepting(send: (message: Pick<PageMessage, 'accept'>) => boolean): Accepting {
  const asking = createAsking();
  return {
    ask: (alertId, nowMs) => void send({ accept: { id: asking.idFor(alertId, nowMs), by: readInitials() } }),
    hear: asking.hear,
    state: asking.state,
  };
}
