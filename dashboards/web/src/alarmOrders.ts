import type { AnswerMessage, PageMessage } from '../../../src/server/protocol.ts';
import { createAsking, type Asked } from './asking.ts';
import { readInitials } from './initials.ts';

export type AlarmVerb = PageMessage['alarm']['command'];

/** Commands about alarms, under the initials that are kept. */
export interface AlarmOrders {
  give(
    verb: AlarmVerb,
    alarm: string,
    nowMs: number,
    how?: { readonly reason: string; readonly forSeconds: number },
  ): void;
  /** What the monitor answered. */
  hear(answer: AnswerMessage): void;
  /** How the last command about an alarm stands; null when there was none. */
  state(alarm: string, nowMs: number): (Asked & { readonly verb: AlarmVerb }) | null;
}

/** @param send - returns false when there is no link. */
export function createAlarmOrders(send: (message: Pick<PageMessage, 'alarm'>) => boolean): AlarmOrders {
  const asking = createAsking();
  const last = new Map<string, AlarmVerb>();
  return {
    give(verb, alarm, nowMs, how) {
      last.set(alarm, verb);
      send({
        alarm: { command: verb, id: asking.idFor(`${verb} ${alarm}`, nowMs), alarm, by: readInitials(), ...how },
      });
    },
    hear: asking.hear,
    state(alarm, nowMs) {
      const verb = last.get(alarm);
      const asked = verb === undefined ? null : asking.state(`${verb} ${alarm}`, nowMs);
      return verb === undefined || asked === null ? null : { ...asked, verb };
    },
  };
}
