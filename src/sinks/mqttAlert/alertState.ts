import type { Alert } from '../../model/alert.ts';

/** What the retained topic of each rule should say. */
export interface AlertState {
  /** Takes a transition in; `payload` is what the topic says while that alert stands. */
  apply(alert: Alert, payload: string): void;
  /** By rule; the empty payload says that no alert of the rule stands. */
  payloads(): ReadonlyMap<string, string>;
}

/** The last standing alert of each rule; a rule that watches several streams speaks of one until all are cleared. */
export function createAlertState(): AlertState {
  const standing = new Map<string, Map<string, string>>();
  const payloads = new Map<string, string>();
  return {
    apply({ rule, stream, phase }, payload) {
      const byStream = standing.get(rule) ?? new Map<string, string>();
      standing.set(rule, byStream);
      byStream.delete(stream);
      if (phase !== 'cleared') byStream.set(stream, payload);
      payloads.set(rule, [...byStream.values()].at(-1) ?? '');
    },
    payloads: () => payloads,
  };
}
