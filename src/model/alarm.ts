import type { Alert, Severity } from './alert.ts';

/**
 * Where an alarm stands, after ISA-18.2.
 *
 * - unacknowledged: active, and nobody has said that he has seen it;
 * - acknowledged: active, and seen;
 * - returned: over, and not yet seen;
 * - latched: over and seen, but of those that stay until they are reset;
 * - shelved: put aside by an operator for a while;
 * - suppressed: by design, not to be shown;
 * - normal: over and done with.
 */
export type AlarmState =
  'unacknowledged' | 'acknowledged' | 'returned' | 'latched' | 'shelved' | 'suppressed' | 'normal';

/** An alert as those see it who have to do something about it; of a storm, all its alerts of one cause together. */
export interface Alarm {
  /** That of the alert; of a storm, that of the alert with which it became one. */
  readonly id: string;
  /** As it last stood when a step was taken; of a storm, its newest. */
  readonly alert: Alert;
  /** Of a storm, the highest. */
  readonly severity: Severity;
  readonly state: AlarmState;
  /** Does the condition stand? Also told while it is shelved. */
  readonly isActive: boolean;
  /** Event time, microseconds since 1970; of a storm, of its first alert. */
  readonly raisedUs: number;
  /** Event time; null while it is active. */
  readonly clearedUs: number | null;
  /** Alerts in it: 1 but in a storm. */
  readonly count: number;
  /** Who has seen it and when, microseconds since 1970 by the monitor's clock; null when nobody has. */
  readonly acknowledged: { readonly by: string; readonly atUs: number } | null;
  /** Event time `untilUs`; null when it is not shelved. */
  readonly shelf: { readonly by: string; readonly reason: string; readonly untilUs: number } | null;
}

export type AlarmEvent =
  | 'raised'
  | 'cleared'
  | 'acknowledged'
  | 'accepted'
  | 'shelved'
  | 'unshelved'
  | 'expired'
  | 'reset'
  /** It went into a storm. */
  | 'folded'
  /** There were too many: the oldest that is over was given up. */
  | 'forgotten';

/** One step in the life of an alarm. A replay takes the same steps. */
export interface AlarmStep {
  readonly type: 'alarm';
  /** Counts the steps of the run, from 1. */
  readonly step: number;
  /** Event time of the stream, microseconds since 1970. */
  readonly timeUs: number;
  readonly event: AlarmEvent;
  /** As it stands after it. */
  readonly alarm: Alarm;
  /** Who, where somebody did it. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** Of one that was folded: the alarm it is part of now. */
  readonly into?: string | undefined;
}

/** What alerts are of one kind by. */
export type AlarmKind = Pick<Alert, 'rule' | 'stream' | 'template' | 'region'>;

/** What an operator put aside: alarms like the one he named, until a time. */
export interface Shelf {
  readonly rule: string;
  readonly stream: string;
  readonly template: string;
  /** Null where the alert named no region. */
  readonly region: readonly [from: number, to: number] | null;
  readonly by: string;
  readonly reason: string;
  /** Event time of its stream, microseconds since 1970. */
  readonly untilUs: number;
}

/** All that the life cycle of the alarms remembers between two frames; plain data. */
export interface AlarmMemory {
  readonly steps: number;
  readonly entries: readonly {
    readonly alarm: Alarm;
    readonly cause: string;
    /** Ids of its alerts that stand. */
    readonly active: readonly string[];
  }[];
  readonly shelves: readonly Shelf[];
  /** Event times of the last alarms, by cause. */
  readonly storms: Readonly<Record<string, readonly number[]>>;
  /** Event time, by stream. */
  readonly times: Readonly<Record<string, number>>;
  /** Who accepted a new state last; '' for nobody, or somebody without a name. */
  readonly acceptor: string;
}
