import type { Monitor } from './createMonitor.ts';
import { droppedWords, unusualWords } from '../model/accountWords.ts';
import type { AlarmEvent, AlarmStep } from '../model/alarm.ts';
import type { Alert } from '../model/alert.ts';
import type { Frame } from '../model/frame.ts';
import { isOperatorAct } from '../model/operatorAct.ts';
import type { OperatorAct } from '../model/operatorCommand.ts';
import type { PermitEvent } from '../model/permit.ts';
import type { LinkHealth, MonitorStatus } from '../model/status.ts';
import type { ExposureAccount, SentExposure } from './exposureCommands.ts';

/** "09:31:32.4" of a time stamp, UTC. */
export const clockText = (timeUs: number): string => new Date(timeUs / 1000).toISOString().slice(11, 21);

/** One line for an alert, with what the slow signals said at that frame. */
export function alertLine(alert: Alert, frame: Frame | null): string {
  const context = Object.entries(frame?.context ?? {}).flatMap(([name, value]) =>
    isOperatorAct(name) ? [] : [`${name} ${Number(value.toPrecision(5))}`],
  );
  const where = context.length > 0 ? `  [${context.join(', ')}]` : '';
  const word = alert.phase === 'raised' ? alert.severity.toUpperCase() : alert.phase;
  return `${clockText(alert.timeUs)}  frame ${alert.seq}  ${word.padEnd(8)} ${alert.message}${where}`;
}

/** One line for what an operator did: when on the clock of the data, who, by which way. */
export function actLine({ count, by, via, afterUs }: OperatorAct): string {
  const timeUs = Math.max(...Object.values(afterUs));
  return `${clockText(timeUs)}  ACCEPTED new state as the reference, act ${count}, by ${by === '' ? 'somebody' : by} (${via})`;
}

/** One line for what an operator did about an alarm, or what came of it; null for what the alert itself tells. */
export function alarmLine({ event, alarm, by, reason, timeUs }: AlarmStep): string | null {
  const word = ALARM_WORDS[event];
  if (word === undefined) return null;
  const who = by === undefined ? '' : ` by ${by}`;
  return `${clockText(timeUs)}  alarm ${word}${who}: ${alarm.alert.message}${reason === undefined ? '' : ` (${reason})`}`;
}

const ALARM_WORDS: Readonly<Partial<Record<AlarmEvent, string>>> = {
  acknowledged: 'ACKNOWLEDGED',
  shelved: 'SHELVED',
  unshelved: 'UNSHELVED',
  expired: 'BACK FROM THE SHELF',
  reset: 'RESET',
  forgotten: 'GIVEN UP, there are too many',
};

/** One line for what became of the beam permit. */
export function permitLine({ event, timeUs, reason, by, via, seq }: PermitEvent): string {
  const word = {
    granted: 'BEAM PERMITTED',
    refused: 'ARMING REFUSED',
    tripped: 'BEAM STOPPED',
    confirmed: 'SHUTTER SEEN CLOSED',
  }[event];
  const who = by === '' ? '' : `, by ${by} (${via})`;
  return `${clockText(timeUs)}  ${word}${seq === undefined ? '' : ` at frame ${seq}`}: ${reason}${who}`;
}

/** One line for an exposure that the instrument was told. */
export const exposureLine = ({ seconds, seq, timeUs }: SentExposure): string =>
  `${clockText(timeUs)}  frame ${seq}  EXPOSURE set to ${Number((1000 * seconds).toPrecision(4))} ms`;

/** The exposures of a run: how many, and the last ones. */
export function exposureLines(account: ExposureAccount | null): string[] {
  if (account === null) return [];
  const { sentCount, unsentCount, last } = account;
  const unsent = unsentCount === 0 ? '' : `, ${unsentCount} times it could not be sent`;
  const shown = last.length < sentCount ? `; the last ${last.length}:` : '';
  return [`exposure: commanded ${sentCount} times${unsent}${shown}`, ...last.map(exposureLine)];
}

export function linkLine({ id, role, state, detail }: LinkHealth): string {
  const words = { ok: 'ok', connecting: 'connecting', down: 'DOWN', ended: 'ended' } as const;
  return `${role} ${id}: ${words[state]}${detail === '' ? '' : `. ${detail}`}`;
}

/** "frames 340 (10.0/s), lost 0, dropped 0". */
export function progressLine(status: MonitorStatus, alertCount: number): string {
  const streams = status.streams.map((stream) => {
    const dropped = Object.values(stream.droppedCount).reduce((sum, count) => sum + count, 0);
    const name = status.streams.length > 1 ? `${stream.stream}: ` : '';
    return `${name}${stream.processedCount} frames, ${stream.framesPerSecond.toFixed(1)}/s, ${stream.lostCount} lost, ${stream.mergedCount} summed, ${dropped} dropped, ${stream.state}`;
  });
  return `${streams.join('; ')}; ${alertCount} alert${alertCount === 1 ? '' : 's'}`;
}

/** The account at the end: every frame that came in is in one of these numbers. */
export function summaryLines(status: MonitorStatus): string[] {
  const streams = status.streams.map((stream) => {
    const dropped = droppedWords(stream);
    const parts = [
      `${stream.receivedCount} received`,
      `= ${stream.processedCount} processed + ${stream.mergedCount} summed into others + ${Object.values(stream.droppedCount).reduce((a, b) => a + b, 0)} dropped`,
      ...(dropped.length > 0 ? [`(${dropped.join(', ')})`] : []),
      ...(stream.waitingCount > 0 ? [`+ ${stream.waitingCount} waiting`] : []),
    ];
    const notes = unusualWords(stream);
    return `stream ${stream.stream}: ${parts.join(' ')}${notes.length > 0 ? `; ${notes.join('; ')}` : ''}`;
  });
  const undelivered = status.links.flatMap(({ id, droppedCount }) =>
    Object.entries(droppedCount ?? {}).map(([reason, count]) => `sink ${id}: ${count} not delivered (${reason})`),
  );
  return [...streams, ...undelivered];
}

/** The last refused frames and packets of each stream, one line each. */
export function rejectionLines(rejected: ReturnType<Monitor['rejected']>): string[] {
  return Object.entries(rejected).flatMap(([stream, list]) =>
    list.map(({ reason, detail }) => `stream ${stream} refused (${reason}): ${detail}`),
  );
}
