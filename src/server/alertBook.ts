import type { AlarmStep } from '../model/alarm.ts';
import type { Alert } from '../model/alert.ts';
import type { OperatorAct } from '../model/operatorCommand.ts';
import type { AlertView } from './protocol.ts';

/** So many alerts are remembered; the oldest cleared one goes first. */
export const MAX_ALERTS = 200;

/** The latest state of each alert, by id. */
export interface AlertBook {
  /** Rises at once when an alert is raised or cleared, or a step is taken in its life. */
  readonly version: number;
  write(alert: Alert): void;
  /** Lets the version rise for what was merely updated: an alert may be updated with every frame. */
  settle(): void;
  /** An operator accepted what the open alerts speak of. */
  noteAct(act: OperatorAct): void;
  /** A step in the life of an alarm: to be told after the alert that it follows from. */
  noteAlarm(step: AlarmStep): void;
  /** Newest first. */
  list(): AlertView[];
  /** Alarms that are not shown, by design. */
  readonly suppressedCount: number;
}

export function createAlertBook(describe: (alert: Alert) => Pick<AlertView, 'isChange' | 'context'>): AlertBook {
  const views = new Map<string, AlertView>();
  /** Alerts that are in a storm, by id. */
  const folded = new Map<string, string>();
  let version = 0;
  let isUpdated = false;

  const fresh = (alert: Alert): AlertView => ({
    ...{ alert, raisedUs: alert.timeUs, raisedSeq: alert.seq, clearedUs: null, acceptedBy: null },
    life: { state: 'unacknowledged', count: 1, acknowledged: null, shelf: null },
    ...describe(alert),
  });
  function forgetOldest(): void {
    if (views.size <= MAX_ALERTS) return;
    const oldest = [...views].find(([, view]) => view.clearedUs !== null)?.[0];
    views.delete(oldest ?? (views.keys().next().value as string));
  }
  function fold(id: string, into: string): void {
    views.delete(id);
    folded.set(id, into);
    if (folded.size > 10 * MAX_ALERTS) folded.delete(folded.keys().next().value as string);
  }
  return {
    get version() {
      return version;
    },
    get suppressedCount() {
      return [...views.values()].filter(({ life }) => life.state === 'suppressed').length;
    },
    write(alert) {
      if (folded.has(alert.id)) return;
      const known = views.get(alert.id);
      const clearedUs = alert.phase === 'cleared' ? alert.timeUs : null;
      views.set(
        alert.id,
        known === undefined || alert.phase === 'raised'
          ? { ...fresh(alert), clearedUs }
          : { ...known, alert, clearedUs: known.life.count > 1 ? known.clearedUs : clearedUs },
      );
      forgetOldest();
      if (alert.phase === 'updated' && known !== undefined) isUpdated = true;
      else version++;
    },
    noteAct({ by, afterUs }) {
      for (const [id, view] of views)
        if (view.isChange && view.clearedUs === null && view.alert.stream in afterUs)
          views.set(id, { ...view, acceptedBy: by });
      version++;
    },
    noteAlarm({ event, alarm, into }) {
      version++;
      if (event === 'folded') return fold(alarm.id, into ?? '');
      const { alert, raisedUs, clearedUs, state, count, acknowledged, shelf } = alarm;
      const newest = views.get(alert.id) ?? views.get(alarm.id) ?? fresh(alert);
      if (alert.id !== alarm.id) fold(alert.id, alarm.id);
      views.set(alarm.id, { ...newest, alert, raisedUs, clearedUs, life: { state, count, acknowledged, shelf } });
      forgetOldest();
    },
    settle() {
      if (isUpdated) version++;
      isUpdated = false;
    },
    list: () =>
      [...views.values()].filter(({ life }) => life.state !== 'suppressed').sort((a, b) => b.raisedUs - a.raisedUs),
  };
}
