import { createHash } from 'node:crypto';
import type { AlarmStep } from '../../model/alarm.ts';
import { SEVERITY_RANK, type Alert } from '../../model/alert.ts';
import type { Sink, SinkSetting } from '../../model/sink.ts';
import type { DeliveryQueue } from '../delivery/delivery.ts';
import { openSpooledDelivery } from '../spool/spoolSettings.ts';
import { rankOf } from './notice.ts';
import type { Notice } from './notice.ts';
import { createRateLimit } from './rateLimit.ts';
import type { NotifySettings } from './settings.ts';

/** How one message gets to its place. */
export interface NoticeSender {
  /** 'Webhook', 'Mail server': what is said to be away. */
  readonly place: string;
  /** Resolves when it has arrived; rejects when it is to be tried again. */
  send(notice: Notice): Promise<void>;
}

/** Alerts of which one message tells, most of them by their number only. */
const MOST_GROUPED = 1000;

/** A message of these alerts: the same id whenever it is made again. */
function noticeOf(batch: readonly string[], listed: number, { run, instrument, modality }: SinkSetting): Notice {
  const id = createHash('sha256').update(batch.join('\n')).digest('hex').slice(0, 32);
  const alerts = batch.slice(0, listed).map((text) => JSON.parse(text) as Alert);
  return { id, run, instrument, modality, alerts, moreCount: batch.length - alerts.length, isTest: false };
}

/** One line of messages with a limit of its own. */
function openLine(
  part: 'usual' | 'critical',
  settings: NotifySettings,
  setting: SinkSetting,
  sender: NoticeSender,
): { queue: DeliveryQueue<string>; hurry(): void } {
  const { atMost, groupFor, spool } = settings;
  const limit = createRateLimit(atMost.messages, atMost.per / 1000);
  let isHurried = false;
  let wakeUp: (() => void) | null = null;

  async function untilAllowed(): Promise<void> {
    for (;;) {
      const waitMs = limit.waitMs(performance.now());
      if (waitMs <= 0 || isHurried) return;
      await new Promise<void>((resolve) => {
        const alarm = setTimeout(resolve, waitMs).unref();
        wakeUp = () => (clearTimeout(alarm), resolve());
      });
    }
  }
  const { directory = `spool/${setting.run}-${setting.id}` } = spool === false ? {} : spool;
  const queue = openSpooledDelivery(
    {
      capacity: settings.waitingAlerts,
      batchSize: MOST_GROUPED,
      intervalMs: groupFor / 1000,
      retryMs: [1000, 60_000],
      trouble: `${sender.place} unreachable`,
      noun: 'alerts',
      async deliver(batch) {
        if (batch.length === 0) return;
        await untilAllowed();
        await sender.send(noticeOf(batch, settings.listed, setting));
        limit.note(performance.now());
      },
    },
    spool === false ? false : { ...spool, directory: `${directory}/${part}` },
    'inOrder',
    setting,
  );
  // What an earlier run left is told at once.
  queue.greet();
  return {
    queue,
    hurry() {
      isHurried = true;
      wakeUp?.();
    },
  };
}

/** Alarms that nobody is told of at a time. */
const MOST_QUIET = 1000;

/**
 * A sink that tells of alerts in messages: grouped, limited in number, kept until they have arrived. Of an alarm that is shelved
 * or suppressed nobody is told; when it comes off the shelf and still stands, it is told again.
 */
export function createNotifier(
  name: string,
  settings: NotifySettings,
  setting: SinkSetting,
  sender: NoticeSender,
): Sink<'alert'> {
  // A storm of notices must not hold up what is critical.
  const usual = openLine('usual', settings, setting, sender);
  const critical = openLine('critical', settings, setting, sender);
  const timeoutMs = settings.flushWithin / 1000;
  const quiet = new Set<string>();
  /** Where an alert stands as an alarm is known right after the alert itself. */
  let fresh: Alert[] = [];

  function tell(alert: Alert): void {
    if (rankOf(alert) < SEVERITY_RANK[settings.severity] || !settings.phases.includes(alert.phase)) return;
    (alert.severity === 'critical' ? critical : usual).queue.push(JSON.stringify(alert));
  }
  function tellFresh(): void {
    const alerts = fresh;
    fresh = [];
    for (const alert of alerts) if (!quiet.has(alert.id)) tell(alert);
  }
  function heed({ alarm: { alert, state, isActive }, event }: AlarmStep): void {
    if (state === 'shelved' || state === 'suppressed') {
      quiet.add(alert.id);
      if (quiet.size > MOST_QUIET) quiet.delete(quiet.values().next().value as string);
      return;
    }
    // What put it aside is over: the end of the alert itself is still not told.
    if (event === 'cleared') tellFresh();
    quiet.delete(alert.id);
    if (isActive && (event === 'expired' || event === 'unshelved')) tell(alert);
  }
  return {
    name,
    accepts: ['alert'],
    write(alert) {
      if (fresh.length === 0) queueMicrotask(tellFresh);
      fresh.push(alert);
    },
    note(note) {
      if (note.type === 'alarm') heed(note);
    },
    async flush() {
      tellFresh();
      await Promise.all([usual.queue.flush(timeoutMs), critical.queue.flush(timeoutMs)]);
    },
    async close() {
      tellFresh();
      usual.hurry();
      critical.hurry();
      await Promise.all([usual.queue.close(timeoutMs), critical.queue.close(timeoutMs)]);
      setting.report({ state: 'ended', detail: '' });
    },
  };
}

/** A message that says it is a test. */
export const testNotice = ({ run, instrument, modality }: Pick<Notice, 'run' | 'instrument' | 'modality'>): Notice => ({
  id: createHash('sha256').update(`${run} ${Date.now()}`).digest('hex').slice(0, 32),
  run,
  instrument,
  modality,
  alerts: [],
  moreCount: 0,
  isTest: true,
});
