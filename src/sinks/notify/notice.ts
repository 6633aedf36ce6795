import { SEVERITY_RANK, type Alert } from '../../model/alert.ts';

/** One message: the alerts of a group, and who speaks. */
export interface Notice {
  /** The same for every attempt: a receiver may tell by it that a message came twice. */
  readonly id: string;
  readonly run: string;
  readonly instrument: string;
  readonly modality: string;
  /** Oldest first. */
  readonly alerts: readonly Alert[];
  /** Further alerts that found no room in this message. */
  readonly moreCount: number;
  /** Sent to see whether the way is open: no alert stands behind it. */
  readonly isTest: boolean;
}

/** The whole message in one line: 'xrd-3: CRITICAL Spectrum changed at 30.9°, ... and 3 more'. */
export function subjectOf({ instrument, alerts, moreCount, isTest }: Notice): string {
  const worst = [...alerts].sort((a, b) => rankOf(b) - rankOf(a))[0];
  if (worst === undefined) return `${instrument}: ${isTest ? 'test message' : `${moreCount} alerts`}`;
  const others = alerts.length - 1 + moreCount;
  const phase = worst.phase === 'cleared' ? 'cleared' : worst.severity.toUpperCase();
  return `${instrument}: ${isTest ? 'TEST ' : ''}${phase} ${worst.message}${others > 0 ? ` and ${others} more` : ''}`;
}

/** The message as plain text. */
export function textOf(notice: Notice): string {
  const { run, instrument, modality, alerts, moreCount, isTest } = notice;
  const lines = alerts.map(
    ({ timeUs, severity, phase, message, rule, stream }) =>
      `${new Date(timeUs / 1000).toISOString()}  ${severity} ${phase}  ${message}  (rule ${rule}, stream ${stream})`,
  );
  return [
    ...(isTest ? ['This is a test: no alert stands behind it.', ''] : []),
    ...lines,
    ...(moreCount > 0 ? [`and ${moreCount} more, which found no room in this message`] : []),
    '',
    `Run ${run}, instrument ${instrument} (${modality}).`,
    'This message protects samples, not people.',
  ].join('\n');
}

/** Higher is worse. */

export const rankOf = (alert: Pick<Alert, 'severity'>): number => SEVERITY_RANK[alert.severity];
