import type { AlarmStep } from './alarm.ts';
import type { AlarmAct } from './alarmCommand.ts';
import type { StreamPosition } from './checkpoint.ts';
import type { OperatorAct } from './operatorCommand.ts';
import type { PermitEvent } from './permit.ts';
import type { SlowSample } from './signal.ts';
import type { DropReason } from './status.ts';

/** One line of the permit's audit log. */
export interface PermitNote extends PermitEvent {
  readonly type: 'permit';
}

/** What an operator did. */
export interface ActNote extends OperatorAct {
  readonly type: 'act';
}

/** What a stream has lost since the start of the run; told when it has grown, at most once a second, and at the end. */
export interface LossNote {
  readonly type: 'losses';
  readonly stream: string;
  /** Of the last frame before, microseconds since 1970; null when there was none. */
  readonly timeUs: number | null;
  readonly processedCount: number;
  readonly mergedCount: number;
  readonly lostCount: number;
  readonly maskedCount: number;
  readonly droppedCount: Readonly<Partial<Record<DropReason, number>>>;
}

/** The state of the whole monitor between two frames. */
export interface CheckpointNote {
  readonly type: 'checkpoint';
  /** Last frame taken in, by stream. */
  readonly position: Readonly<Record<string, StreamPosition>>;
  /** A checkpoint file, whole. */
  readonly bytes: Uint8Array;
}

/** What happens in a run beside its signals; for sinks that record it. */
export type RunNote = SlowSample | PermitNote | ActNote | AlarmAct | AlarmStep | LossNote | CheckpointNote;
