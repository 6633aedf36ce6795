import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AlarmMemory } from '../model/alarm.ts';
import type { Checkpoint, StreamPosition } from '../model/checkpoint.ts';
import { explainError, MonitorError } from '../model/error.ts';
import type { OperatorAct } from '../model/operatorCommand.ts';
import type { CheckpointNote } from '../model/runNote.ts';
import type { Sink } from '../model/sink.ts';
import type { Stage } from '../model/stage.ts';
import type { LinkHealth } from '../model/status.ts';
import type { SlowSignals } from '../pipeline/slowSignals.ts';
import { encodeCheckpoint, readCheckpoint, writeCheckpoint } from '../pipeline/checkpoint.ts';
import { withinMs } from './withinMs.ts';

/** What a checkpoint is made of. */
export interface SnapshotOptions {
  readonly configDigest: string;
  readonly stages: readonly Stage[];
  readonly slowSignals: SlowSignals;
  acts(): readonly OperatorAct[];
  alarms(): AlarmMemory;
  position(): Readonly<Record<string, StreamPosition>>;
}

/** Takes the state of the whole monitor; to be called between two frames. */
export const createSnapshot = (options: SnapshotOptions) => (): Checkpoint => {
  const position = options.position();
  const earliestUs = Math.min(...Object.values(position).map(({ timeUs }) => timeUs));
  return {
    format: 1,
    configDigest: options.configDigest,
    position,
    stages: Object.fromEntries(options.stages.map((stage) => [stage.id, stage.snapshot()])),
    slowSamples: options.slowSignals.since(earliestUs),
    acts: [...options.acts()],
    alarms: options.alarms(),
  };
};

/** A checkpoint for a recording. The frames there bring the values of their slow signals with them. */
export function checkpointNote(checkpoint: Checkpoint): CheckpointNote {
  const { position } = checkpoint;
  return { type: 'checkpoint', position, bytes: encodeCheckpoint({ ...checkpoint, slowSamples: [] }) };
}

export interface CheckpointingOptions {
  readonly path: string;
  readonly everyFrames: number;
  readonly sinks: readonly Sink[];
  /** The state of the monitor, between two frames. */
  snapshot(): Checkpoint;
  report(health: Pick<LinkHealth, 'state' | 'detail'>): void;
}

export interface Checkpointing {
  /** Called between two frames; takes a snapshot when one is due. */
  afterFrame(): void;
  /** Takes one now and resolves when it is on disk. */
  now(): Promise<void>;
}

/** A sink that is away must not keep the dose account from disk for longer than this. */
const FLUSH_MS = 5000;

/** Keeps the state of the monitor on disk: the snapshot is taken between two frames, what was said before it is flushed first. */
export function createCheckpointing(options: CheckpointingOptions): Checkpointing {
  let sinceLast = 0;
  let writing: Promise<void> | null = null;

  const write = async (checkpoint: Checkpoint): Promise<void> => {
    await Promise.all(options.sinks.map((sink) => withinMs(FLUSH_MS, sink.flush()).catch(() => undefined)));
    try {
      await mkdir(dirname(options.path), { recursive: true });
      await writeCheckpoint(options.path, checkpoint);
      options.report({ state: 'ok', detail: '' });
    } catch (error) {
      options.report({ state: 'down', detail: `Checkpoint not written: ${explainError(error)}` });
    }
  };
  const start = (): Promise<void> => {
    sinceLast = 0;
    const running = write(options.snapshot()).finally(() => (writing = null));
    writing = running;
    return running;
  };
  return {
    afterFrame() {
      sinceLast++;
      if (sinceLast >= options.everyFrames && writing === null) void start();
    },
    async now() {
      if (writing !== null) await writing;
      await start();
    },
  };
}

/**
 * The checkpoint to continue from; null when there is none.
 * @throws MonitorError CHECKPOINT when it belongs to another configuration or other stages.
 */
export async function loadCheckpoint(path: string, configDigest: string): Promise<Checkpoint | null> {
  const checkpoint = await readCheckpoint(path);
  if (checkpoint === null) return null;
  if (checkpoint.configDigest === configDigest) return checkpoint;
  throw new MonitorError(
    'CHECKPOINT',
    `${path} was written with other settings: restore those settings, or move the file away (or --fresh) to start anew`,
    { id: 'checkpoint', path },
  );
}

/** What is known of the streams that have begun, by stream. */
export function positionsOf(
  entries: readonly (readonly [string, StreamPosition | null])[],
): Record<string, StreamPosition> {
  return Object.fromEntries(entries.filter((entry): entry is [string, StreamPosition] => entry[1] !== null));
}
