import type { MonitorStatus } from '../model/status.ts';

/** Whether a monitor does its work, and if not, why: for a supervisor that restarts or redirects. */
export interface Readiness {
  readonly isReady: boolean;
  /** One sentence each. */
  readonly reasons: readonly string[];
}

/** Ready: it runs, frames of every stream arrive in time, and no link is down. */
export function readinessOf(status: MonitorStatus | null): Readiness {
  if (status === null) return { isReady: false, reasons: ['The run has not begun.'] };
  const reasons = [
    ...status.streams
      .filter(({ state }) => state === 'waiting' || state === 'stale')
      .map(
        ({ stream, state }) =>
          `Stream ${stream}: ${state === 'waiting' ? 'no frame yet' : 'frames do not arrive in time'}.`,
      ),
    ...status.links
      .filter(({ state }) => state === 'down' || state === 'connecting')
      .map(({ id, role, state, detail }) => `${role} ${id}: ${detail || state}.`),
  ];
  return { isReady: reasons.length === 0, reasons };
}
