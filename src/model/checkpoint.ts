import type { AlarmMemory } from './alarm.ts';
import type { OperatorAct } from './operatorCommand.ts';
import type { SlowSample } from './signal.ts';
import type { StageSnapshot } from './stage.ts';

/** The whole monitor between two frames. */
export interface Checkpoint {
  readonly format: 1;
  /** SHA-256 of the normalised pipeline file and of its assets. */
  readonly configDigest: string;
  /** Last frame taken in, by stream. */
  readonly position: Readonly<Record<string, StreamPosition>>;
  /** By stage id. */
  readonly stages: Readonly<Record<string, StageSnapshot>>;
  /** What the frames to come may still be joined with: of every slow signal the value as of the position, and all newer ones. */
  readonly slowSamples: readonly SlowSample[];
  /** What operators did, oldest first; absent in checkpoints of before there were commands. */
  readonly acts?: readonly OperatorAct[];
  /** How the alarms stand; absent in checkpoints of before they had a life cycle. */
  readonly alarms?: AlarmMemory;
}

export interface StreamPosition {
  readonly seq: number;
  readonly timeUs: number;
}
