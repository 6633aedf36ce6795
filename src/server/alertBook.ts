import type { Alert } from '../model/alert.ts';
import type { OperatorAct } from '../model/operatorCommand.ts';
import type { AlertView } from './protocol.ts';

/** So many alerts are remembered; the oldest cleared one goes first. */
export const MAX_ALERTS = 200;

/** The latest state of each alert, by id. */
export interface AlertBook {
  /** Rises at once when an alert is raised or cleared. */
  readonly version: number;
  write(alert: Alert): void;
  /** Lets the version rise for what was merely updated: an alert may be updated with every frame. */
  settle(): void;
  /** An operator accepted what the open alerts speak of. */
  noteAct(act: OperatorAct): void;
  /** Newest first. */
  list(): AlertView[];
}

export function createAlertBook(describe: (alert: Alert) => Pick<AlertView, 'isChange' | 'context'>): AlertBook {
  const views = new Map<string, AlertView>();
  let version = 0;
  let isUpdated = false;
  return {
    get version() {
      return version;
    },
    write(alert) {
      const known = views.get(alert.id);
      const clearedUs = alert.phase === 'cleared' ? alert.timeUs : null;
      views.set(
        alert.id,
        known === undefined || alert.phase === 'raised'
          ? { alert, raisedUs: alert.timeUs, raisedSeq: alert.seq, clearedUs, acceptedBy: null, ...describe(alert) }
          : { ...known, alert, clearedUs },
      );
      if (views.size > MAX_ALERTS) {
        const oldest = [...views.values()].find((view) => view.clearedUs !== null)?.alert.id;
        views.delete(oldest ?? (views.keys().next().value as string));
      }
      if (alert.phase === 'updated' && known !== undefined) isUpdated = true;
      else version++;
    },
    noteAct({ by, afterUs }) {
      for (const [id, view] of views)
        if (view.isChange && view.clearedUs === null && view.alert.stream in afterUs)
          views.set(id, { ...view, acceptedBy: by });
      version++;
    },
    settle() {
      if (isUpdated) version++;
      isUpdated = false;
    },
    list: () => [...views.values()].sort((a, b) => b.raisedUs - a.raisedUs),
  };
}
