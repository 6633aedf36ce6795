import type { Alarm, AlarmEvent, AlarmMemory, AlarmState, AlarmStep } from '../model/alarm.ts';
import { ALL_ALARMS, type AlarmAct } from '../model/alarmCommand.ts';
import { SEVERITY_RANK, type Alert, type Severity } from '../model/alert.ts';
import { isOn, shelfFor } from './shelves.ts';
import { createStorms } from './storms.ts';

/** What is an alarm here, and what becomes of it. */
export interface AlarmSettings {
  /** Alarms of at least this severity stay until they are reset; null: none does. */
  readonly latch: Severity | null;
  /** More than `most` alarms of one cause within the span become one. */
  readonly fold: { readonly most: number; readonly spanUs: number };
  /** Rules whose alarms are not to be shown. */
  readonly suppress: readonly string[];
}

/** ISA-18.2: 10 alarms in 10 minutes are what a person can handle. */
export const DEFAULT_ALARMS: AlarmSettings = {
  latch: 'critical',
  fold: { most: 10, spanUs: 600_000_000 },
  suppress: [],
};

/** So many alarms are kept; beyond, the oldest that is over is given up. */
export const MAX_ALARMS = 500;

/** An alarm, and the alerts in it that still stand. */
interface Entry {
  alarm: Alarm;
  readonly cause: string;
  readonly active: string[];
}

/** The alarms of a run: what alerts and operators make of them, on the clock of the frames alone, so that a replay takes the same steps. */
export interface AlarmLifeCycle {
  hear(alert: Alert): void;
  /** A frame has passed: shelves end by its time. */
  pass(stream: string, timeUs: number): void;
  /** Returns null when it did, else one sentence why not. */
  obey(act: AlarmAct): string | null;
  /** An operator took what the alarms speak of for the new reference; alerts cleared from now on for that reason are his. */
  accepted(by: string): void;
  /** Those that are not normal. */
  list(): readonly Alarm[];
  snapshot(): AlarmMemory;
}

/** What ends an alarm whatever it stands for. */
const ENDS: ReadonlySet<AlarmEvent> = new Set(['folded', 'forgotten', 'reset']);

/** @param told - hears of every step. */
export function createAlarmLifeCycle(
  settings: AlarmSettings,
  told: (step: AlarmStep) => void,
  memory?: AlarmMemory,
): AlarmLifeCycle {
  const { most, spanUs } = settings.fold;
  const entries = new Map<string, Entry>(
    (memory?.entries ?? []).map((entry) => [entry.alarm.id, { ...entry, active: [...entry.active] }]),
  );
  let shelves = [...(memory?.shelves ?? [])];
  const storms = createStorms(most, spanUs, memory?.storms);
  const times = new Map(Object.entries(memory?.times ?? {}));
  let steps = memory?.steps ?? 0;
  let acceptor = memory?.acceptor ?? '';

  function take(
    entry: Entry,
    event: AlarmEvent,
    timeUs: number,
    how: Partial<Alarm>,
    why: Partial<AlarmStep> = {},
  ): void {
    const next = { ...entry.alarm, ...how };
    entry.alarm = { ...next, state: ENDS.has(event) ? 'normal' : stateOf(next) };
    if (entry.alarm.state === 'normal') entries.delete(entry.alarm.id);
    told({ type: 'alarm', step: ++steps, timeUs, event, alarm: entry.alarm, ...why });
  }
  function stateOf(alarm: Alarm): AlarmState {
    if (settings.suppress.includes(alarm.alert.rule)) return alarm.isActive ? 'suppressed' : 'normal';
    if (alarm.shelf !== null) return 'shelved';
    if (alarm.acknowledged === null) return alarm.isActive ? 'unacknowledged' : 'returned';
    if (alarm.isActive) return 'acknowledged';
    const isLatching = settings.latch !== null && SEVERITY_RANK[alarm.severity] >= SEVERITY_RANK[settings.latch];
    return isLatching ? 'latched' : 'normal';
  }
  const holderOf = (alert: string): Entry | undefined =>
    entries.get(alert) ??
    [...entries.values()].find(({ active, alarm }) => active.includes(alert) || alarm.alert.id === alert);

  function raise(alert: Alert): void {
    const { id, rule, stream, severity, timeUs, template } = alert;
    const cause = JSON.stringify([stream, rule, template ?? '']);
    const shelf = shelves.find((candidate) => isOn(candidate, alert));
    const isStorm = storms.note(cause, timeUs) > most && shelf === undefined;
    const storm = isStorm
      ? [...entries.values()].find((entry) => entry.cause === cause && entry.alarm.count > 1)
      : null;
    const own: Alarm = {
      ...{ id, alert, severity, state: 'unacknowledged', isActive: true, raisedUs: timeUs },
      ...{ clearedUs: null, count: 1, acknowledged: null },
      shelf: shelf === undefined ? null : { by: shelf.by, reason: shelf.reason, untilUs: shelf.untilUs },
    };
    if (storm) {
      storm.active.push(id);
      const { count } = storm.alarm;
      const worst = SEVERITY_RANK[severity] > SEVERITY_RANK[storm.alarm.severity] ? severity : storm.alarm.severity;
      return take(storm, 'raised', timeUs, {
        ...{ alert, severity: worst, isActive: true, clearedUs: null, count: count + 1, acknowledged: null },
      });
    }
    const entry: Entry = { alarm: own, cause, active: [id] };
    const part = isStorm
      ? [...entries.values()].filter((other) => other.cause === cause && other.alarm.shelf === null)
      : [];
    for (const other of part) {
      entry.active.unshift(...other.active);
      take(other, 'folded', timeUs, {}, { into: id });
    }
    entries.set(id, entry);
    const raisedUs = Math.min(timeUs, ...part.map(({ alarm }) => alarm.raisedUs));
    take(entry, 'raised', timeUs, { raisedUs, count: part.reduce((sum, { alarm }) => sum + alarm.count, 1) });
    if (entries.size > MAX_ALARMS) forgetOne(timeUs);
  }
  function forgetOne(timeUs: number): void {
    const all = [...entries.values()];
    const oldest = all.find(({ alarm }) => !alarm.isActive) ?? all[0];
    if (oldest !== undefined) take(oldest, 'forgotten', timeUs, {});
  }
  function clear(entry: Entry, alert: Alert): void {
    const at = entry.active.indexOf(alert.id);
    if (at >= 0) entry.active.splice(at, 1);
    if (entry.active.length > 0) return;
    const isAccepted = alert.clearedBy === 'operator';
    const acknowledged = isAccepted ? { by: acceptor, atUs: alert.timeUs } : entry.alarm.acknowledged;
    const over = { alert, isActive: false, clearedUs: alert.timeUs, acknowledged };
    take(entry, isAccepted ? 'accepted' : 'cleared', alert.timeUs, over, isAccepted ? { by: acceptor } : {});
  }

  function put(entry: Entry, act: AlarmAct, timeUs: number): string | null {
    const { command, by, reason, atUs } = act;
    const why = { by, ...(reason === '' ? {} : { reason }) };
    const { state, shelf } = entry.alarm;
    switch (command) {
      case 'acknowledge':
        if (entry.alarm.acknowledged !== null) return `It was acknowledged by ${entry.alarm.acknowledged.by} before.`;
        take(entry, 'acknowledged', timeUs, { acknowledged: { by, atUs } }, why);
        return null;
      case 'shelve': {
        const untilUs = timeUs + Math.round(act.forSeconds * 1e6);
        shelves = [
          ...shelves.filter((other) => !isOn(other, entry.alarm.alert)),
          shelfFor(entry.alarm.alert, by, reason, untilUs),
        ];
        take(entry, 'shelved', timeUs, { shelf: { by, reason, untilUs } }, why);
        return null;
      }
      case 'unshelve':
        if (shelf === null) return 'It is not shelved.';
        shelves = shelves.filter((other) => !isOn(other, entry.alarm.alert));
        for (const other of [...entries.values()])
          if (other.alarm.shelf !== null && shelves.every((one) => !isOn(one, other.alarm.alert)))
            take(other, 'unshelved', timeUs, { shelf: null }, why);
        return null;
      case 'reset':
        if (state !== 'latched') return 'Only a latched alarm, over and acknowledged, can be reset.';
        take(entry, 'reset', timeUs, {}, why);
        return null;
    }
  }

  return {
    hear(alert) {
      const known = holderOf(alert.id);
      if (alert.phase === 'raised' && known === undefined) return raise(whole(alert));
      if (known === undefined) return;
      if (alert.phase === 'cleared') clear(known, whole(alert));
      else if (known.alarm.alert.id === alert.id) known.alarm = { ...known.alarm, alert: whole(alert) };
    },
    pass(stream, timeUs) {
      times.set(stream, timeUs);
      if (shelves.every((shelf) => shelf.stream !== stream || shelf.untilUs > timeUs)) return;
      shelves = shelves.filter((shelf) => shelf.stream !== stream || shelf.untilUs > timeUs);
      for (const entry of [...entries.values()]) {
        const { shelf } = entry.alarm;
        if (shelf !== null && entry.alarm.alert.stream === stream && shelf.untilUs <= timeUs)
          take(entry, 'expired', timeUs, { shelf: null });
      }
    },
    obey(act) {
      if (act.by === '') return 'It takes a name.';
      if (act.command === 'shelve' && act.reason === '') return 'To shelve an alarm takes a reason.';
      const isForAll = act.alarm === ALL_ALARMS && act.command === 'acknowledge';
      const meant = isForAll
        ? [...entries.values()].filter(({ alarm }) => alarm.state === 'unacknowledged' || alarm.state === 'returned')
        : [holderOf(act.alarm)].filter((entry) => entry !== undefined);
      if (meant.length === 0)
        return isForAll ? 'No alarm waits for it.' : 'There is no such alarm, or it is over and done with.';
      const answers = meant.map((entry) =>
        put(entry, act, times.get(entry.alarm.alert.stream) ?? entry.alarm.raisedUs),
      );
      return answers.includes(null) ? null : (answers[0] ?? null);
    },
    accepted(by) {
      acceptor = by;
    },
    list: () => [...entries.values()].map(({ alarm }) => alarm),
    snapshot: () => ({
      steps,
      entries: [...entries.values()].map((entry) => ({ ...entry, active: [...entry.active] })),
      shelves: [...shelves],
      storms: storms.snapshot(),
      times: Object.fromEntries(times),
      acceptor,
    }),
  };
}

/** Without the fields that are absent: what is kept as plain data has none. */
const whole = (alert: Alert): Alert =>
  Object.fromEntries(Object.entries(alert).filter(([, value]) => value !== undefined)) as unknown as Alert;
