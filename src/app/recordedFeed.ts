import { hasRoom } from '../../adapters/hasRoom.ts';
import type { FrameOutlet } from '../model/adapter.ts';
import type { AlarmAct } from '../model/alarmCommand.ts';
import type { Checkpoint } from '../model/checkpoint.ts';
import type { MutableFrame } from '../model/frame.ts';
import { createNoiseOverride, type Noise } from '../model/layout.ts';
import type { OperatorAct } from '../model/operatorCommand.ts';
import { decodeCheckpoint } from '../pipeline/checkpoint.ts';
import type { Recording } from '../recording/reader.ts';

/** Part of a recording: from, inclusive, to, exclusive; microseconds since 1970. */
export interface TimeWindow {
  readonly fromUs: number;
  readonly toUs: number;
}

export const ALL_TIMES: TimeWindow = { fromUs: -Infinity, toUs: Infinity };

/** The door of a stream that a recording is played into. */
export interface RecordedDoor {
  readonly outlet: FrameOutlet;
  /** As declared in the pipeline file; undefined leaves it to the recording. */
  readonly noise: Noise | undefined;
}

/** Plays a recording into all streams of a monitor at once. */
export interface RecordedFeed {
  /** What the monitor begins with; null for the beginning. */
  readonly checkpoint: Checkpoint | null;
  /**
   * Resolves at the end of the recording, or when aborted.
   * @param idle - resolves when no frame waits.
   * @param speed - 1 is real time, Infinity as fast as it goes; what lies before the window goes as fast as it can.
   * @param repeat - hears what operators did, between the frames between which they did it.
   */
  run(
    doors: ReadonlyMap<string, RecordedDoor>,
    idle: () => Promise<void>,
    speed: number,
    signal: AbortSignal,
    repeat: (act: AlarmAct | OperatorAct) => void,
  ): Promise<void>;
}

/**
 * The frames in the order in which the pipeline saw them, of all streams, each once. Stages that listen to several streams
 * so hear them in the same order again, at any speed.
 *
 * @param isResumed - begins with the last checkpoint before the window; otherwise with the first frame.
 */
export function createRecordedFeed(
  recording: Recording,
  { fromUs, toUs }: TimeWindow,
  isResumed: boolean,
): RecordedFeed {
  const found = isResumed && Number.isFinite(fromUs) ? recording.checkpointBefore(fromUs) : null;
  const checkpoint = found === null ? null : decodeCheckpoint(found.note.bytes, recording.directory);
  return {
    checkpoint,
    async run(doors, idle, speed, signal, repeat) {
      const played = new Map(
        [...doors].map(([stream, { outlet, noise }]) => [stream, { outlet, layoutOf: createNoiseOverride(noise) }]),
      );
      const open = new Set(doors.keys());
      const first = [...doors.values()][0]?.outlet;
      const wait = createPace(speed, signal);
      let last: string | null = null;
      const items = recording.items(
        found?.place,
        ({ kind, detail }) =>
          kind === 'damaged' ? first?.reject({ reason: 'garbage', detail }) : first?.report({ state: 'ok', detail }),
        { once: true },
      );
      for (const item of items) {
        if (signal.aborted || open.size === 0) return;
        if (item.type === 'alarmAct' || item.type === 'act') {
          await idle();
          repeat(item);
        }
        const door = item.type === 'frame' ? played.get(item.stream) : undefined;
        if (item.type !== 'frame' || door === undefined) continue;
        if (item.timeUs >= toUs) {
          open.delete(item.stream);
          continue;
        }
        if (last !== null && last !== item.stream) await idle();
        last = item.stream;
        if (item.timeUs >= fromUs) await wait(item.timeUs);
        const frame: MutableFrame = item;
        const { layout } = frame;
        frame.layout = door.layoutOf(layout);
        door.outlet.next(frame);
        frame.layout = layout;
        if (!(await hasRoom(door.outlet, signal))) return;
      }
    },
  };
}

/** Waits until a time of the recording has come, counted from the first that it is asked for. */
function createPace(speed: number, signal: AbortSignal): (timeUs: number) => Promise<void> | undefined {
  let origin: { readonly wallMs: number; readonly timeUs: number } | null = null;
  return (timeUs) => {
    if (speed === Infinity) return undefined;
    origin ??= { wallMs: performance.now(), timeUs };
    const delayMs = origin.wallMs + (timeUs - origin.timeUs) / 1000 / speed - performance.now();
    if (delayMs <= 0) return undefined;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      signal.addEventListener('abort', end);
    });
  };
}
