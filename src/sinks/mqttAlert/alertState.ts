import type { Alarm } from '../../model/alarm.ts';
import type { Alert } from '../../model/alert.ts';

/** What the retained topic of each rule should say. */
export interface AlertState {
  /** Takes a transition in; `payload` is what the topic says while that alert stands. */
  apply(alert: Alert, payload: string): void;
  /** Tells where a standing alert is in its life: `alarm` of its payload. */
  annotate(alarm: Alarm): void;
  /** By rule; the empty payload says that no alert of the rule stands. */
  payloads(): ReadonlyMap<string, string>;
}

/** The last standing alert of each rule; a rule that watches several streams speaks of one until all are cleared. */
export function createAlertState(): AlertState {
  const standing = new Map<string, Map<string, string>>();
  const payloads = new Map<string, string>();
  const tell = (rule: string, byStream: ReadonlyMap<string, string>): void =>
    void payloads.set(rule, [...byStream.values()].at(-1) ?? '');
  return {
    apply({ rule, stream, phase }, payload) {
      const byStream = standing.get(rule) ?? new Map<string, string>();
      standing.set(rule, byStream);
      const before = byStream.get(stream);
      byStream.delete(stream);
      if (phase !== 'cleared') byStream.set(stream, phase === 'updated' ? withLife(payload, before) : payload);
      tell(rule, byStream);
    },
    annotate({ alert, state, count, acknowledged, shelf }) {
      const byStream = standing.get(alert.rule);
      const payload = byStream?.get(alert.stream);
      if (byStream === undefined || payload === undefined) return;
      const known = JSON.parse(payload) as Alert;
      if (known.id !== alert.id) return;
      byStream.set(alert.stream, JSON.stringify({ ...known, alarm: { state, count, acknowledged, shelf } }));
      tell(alert.rule, byStream);
    },
    payloads: () => payloads,
  };
}

/** An update of an alert says nothing of its life: that stays as it was. */
function withLife(payload: string, before: string | undefined): string {
  const past = before === undefined ? undefined : (JSON.parse(before) as Alert & { readonly alarm?: object });
  const now = JSON.parse(payload) as Alert;
  return past?.alarm === undefined || past.id !== now.id ? payload : JSON.stringify({ ...now, alarm: past.alarm });
}
