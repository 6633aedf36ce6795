import { MonitorError } from '../model/error.ts';
import { decodeCborItem } from '../wire/cborItem.ts';
import { WIRE_LIMITS } from '../wire/limits.ts';
import { WireArray } from '../wire/wireArray.ts';
import { isWireMap } from '../wire/wireFields.ts';
import { createWireReader } from '../wire/wireReader.ts';
import type { WireReader } from '../wire/wireReader.ts';
import type { CheckpointNote } from '../model/runNote.ts';
import type { RecordedItem, RecordingFault, RecordingHeader } from './item.ts';
import { createRepeatFilter } from './repeats.ts';
import type { StreamPlace } from './repeats.ts';
import {
  createSegmentIndex,
  indexCheckpoint,
  indexFrame,
  lastAtMost,
  latestUs,
  readSegmentIndex,
} from './segmentIndex.ts';
import type { SegmentIndex, StreamIndex } from './segmentIndex.ts';
import { damaged, scanSegment } from './segmentScan.ts';
import { listSegments } from './segments.ts';

/** Where to begin: at the first frame that is not before it, or at a record. */
export type RecordingStart =
  { readonly timeUs: number } | { readonly stream: string; readonly seq: number } | RecordingPlace;

/** A record of a recording. */
export interface RecordingPlace {
  readonly segment: string;
  readonly offset: number;
}

/** A checkpoint and where it lies. */
export interface RecordedCheckpoint {
  readonly note: CheckpointNote;
  readonly place: RecordingPlace;
}

/** What a recording holds of one stream. */
export interface RecordedExtent {
  readonly frameCount: number;
  readonly firstSeq: number;
  /** The largest. */
  readonly lastSeq: number;
  readonly firstTimeUs: number;
  /** The latest. */
  readonly lastTimeUs: number;
}

export interface ReadingOptions {
  /** Leaves out the frames and signals that were recorded again after a restart. @default false */
  readonly once?: boolean;
}

export interface Recording {
  readonly directory: string;
  readonly header: RecordingHeader;
  /** By stream, in the order of their first frames, from the indexes; a segment without one is read through. */
  extent(): Readonly<Record<string, RecordedExtent>>;
  /** The last checkpoint before which all frames are earlier than a time; null when there is none. */
  checkpointBefore(timeUs: number): RecordedCheckpoint | null;
  /**
   * All items in order, each segment's header included. Frames are lent until the next item.
   * What cannot be read is told to `onFault` and left out.
   */
  items(
    start?: RecordingStart,
    onFault?: (fault: RecordingFault) => void,
    options?: ReadingOptions,
  ): Generator<RecordedItem, void>;
}

// What the pipeline has seen is replayed as it was, even with a clock that is wrong.
const limits = { ...WIRE_LIMITS, maxContainers: 65_536, maxContext: 65_536, maxTimeUs: Number.MAX_SAFE_INTEGER };

/** @throws MonitorError 'RECORDING' when the directory holds no readable recording. */
export function openRecording(directory: string): Recording {
  const place = { id: 'recording', path: directory };
  let segments;
  try {
    segments = listSegments(directory);
  } catch (cause) {
    throw new MonitorError('RECORDING', `there is no recording in ${directory}`, place, { cause });
  }
  const header = segments.map(({ path }) => readHeader(path)).find((found) => found !== null);
  if (header === undefined || header === null)
    throw new MonitorError(
      'RECORDING',
      `there is no recording in ${directory}: no segment begins with a header`,
      place,
    );
  if (header.format !== 1)
    throw new MonitorError('RECORDING', `format ${String(header.format)}, this program reads 1`, place);

  const indexes = new Map<string, SegmentIndex>();
  const indexOf = (path: string): SegmentIndex => {
    let index = indexes.get(path);
    if (index === undefined) indexes.set(path, (index = readSegmentIndex(path) ?? buildIndex(path)));
    return index;
  };

  return {
    directory,
    header,
    extent() {
      const extent: Record<string, RecordedExtent> = {};
      for (const { path } of segments)
        for (const [stream, found] of inOrder(indexOf(path))) {
          const before = extent[stream];
          extent[stream] = {
            frameCount: (before?.frameCount ?? 0) + found.count,
            firstSeq: before?.firstSeq ?? found.seq[0]!,
            lastSeq: Math.max(found.lastSeq, before?.lastSeq ?? -Infinity),
            firstTimeUs: before?.firstTimeUs ?? found.timeUs[0]!,
            lastTimeUs: Math.max(found.lastTimeUs, before?.lastTimeUs ?? -Infinity),
          };
        }
      return extent;
    },
    checkpointBefore(timeUs) {
      for (let i = segments.length - 1; i >= 0; i--) {
        const path = segments[i]!.path;
        const before = segments[i - 1];
        const candidates = indexOf(path).checkpoints.filter((each) => each.timeUs < timeUs);
        if (candidates.length === 0 || (before !== undefined && latestUs(indexOf(before.path)) >= timeUs)) continue;
        for (const { offset } of candidates.toReversed()) {
          const note = readItems(path, offset, createWireReader({ limits }), () => undefined).next().value?.item;
          if (note?.type === 'checkpoint') return { note, place: { segment: path, offset } };
        }
      }
      return null;
    },
    *items(start, onFault = () => undefined, { once = false } = {}) {
      let isBefore = start !== undefined;
      // One for all segments: the same layout stays the same object, and no stage starts anew in mid-run.
      const reader = createWireReader({ limits });
      const repeats = once ? createRepeatFilter(segments.map(({ path }) => startsOf(indexOf(path)))) : null;
      for (const [place, { path }] of segments.entries()) {
        repeats?.enterSegment(place);
        let offset = 0;
        if (isBefore && start !== undefined) {
          const index = indexOf(path);
          const found = offsetOf(index, path, start);
          if (found === null) continue;
          offset = found;
          readLayouts(path, index.layouts, offset, reader);
          isBefore = !('segment' in start);
        }
        for (const { item } of readItems(path, offset, reader, onFault)) {
          if (item === null || (isBefore && start !== undefined && !isReached(item, start))) continue;
          isBefore = false;
          if (repeats?.isRepeat(item) !== true) yield item;
        }
      }
    },
  };
}

/** Null stands for a layout, which the reader keeps. */
function* readItems(
  path: string,
  from: number,
  reader: WireReader,
  onFault: (fault: RecordingFault) => void,
): Generator<{ item: RecordedItem | null; offset: number }, void> {
  for (const { offset, body } of scanSegment(path, from, onFault)) {
    let item: RecordedItem | null;
    try {
      item = readItem(body, reader);
    } catch (cause) {
      onFault(damaged(path, offset, body.length, cause instanceof Error ? cause.message : String(cause)));
      continue;
    }
    yield { item, offset };
  }
}

function readItem(body: Uint8Array, reader: WireReader): RecordedItem | null {
  const item = decodeCborItem(body, limits);
  const type = isWireMap(item) ? item['type'] : undefined;
  if (typeof type === 'string' && PLAIN_TYPES.has(type)) return item as RecordedItem;
  if (type === 'checkpoint' && isWireMap(item)) return { ...item, bytes: bytesOf(item['bytes']) } as CheckpointNote;
  return reader.read(item, '');
}

const PLAIN_TYPES = new Set([
  'header',
  'slow',
  'reading',
  'detection',
  'alert',
  'permit',
  'act',
  'alarmAct',
  'alarm',
  'losses',
]);

/** A copy: what a segment hands out is lent. */
const bytesOf = (value: unknown): Uint8Array =>
  value instanceof WireArray || value instanceof Uint8Array
    ? (value instanceof WireArray ? value.bytes : value).slice()
    : new Uint8Array(0);

function readLayouts(path: string, offsets: readonly number[], before: number, reader: WireReader): void {
  for (const offset of offsets) {
    if (offset >= before) return;
    readItems(path, offset, reader, () => undefined).next();
  }
}

function readHeader(path: string): RecordingHeader | null {
  for (const { body } of scanSegment(path, 0, () => undefined)) {
    const item = decodeCborItem(body, limits);
    return isWireMap(item) && item['type'] === 'header' ? (item as unknown as RecordingHeader) : null;
  }
  return null;
}

function buildIndex(path: string): SegmentIndex {
  const index = createSegmentIndex();
  for (const { item, offset } of readItems(path, 0, createWireReader({ limits }), () => undefined)) {
    if (item === null) index.layouts.push(offset);
    else if (item.type === 'frame') indexFrame(index, item.stream, item.seq, item.timeUs, offset);
    else if (item.type === 'checkpoint') indexCheckpoint(index, item, offset);
  }
  return index;
}

/** The streams of a segment in the order of their first frames. */
const inOrder = ({ streams }: SegmentIndex): [string, StreamIndex][] =>
  [...streams].sort(([, a], [, b]) => a.offset[0]! - b.offset[0]!);

/** The first frame of each stream in a segment. */
const startsOf = ({ streams }: SegmentIndex): ReadonlyMap<string, StreamPlace> =>
  new Map([...streams].map(([stream, { seq, timeUs }]) => [stream, { seq: seq[0]!, timeUs: timeUs[0]! }]));

/** Where to begin reading a segment; null when all of it lies before. */
function offsetOf(index: SegmentIndex, path: string, start: RecordingStart): number | null {
  if ('segment' in start) return start.segment === path ? start.offset : null;
  let earliest: number | null = null;
  for (const [stream, found] of index.streams) {
    if ('stream' in start && start.stream !== stream) continue;
    const isPast = 'stream' in start ? found.lastSeq < start.seq : found.lastTimeUs < start.timeUs;
    if (isPast) continue;
    const entry = 'stream' in start ? lastAtMost(found.seq, start.seq) : lastAtMost(found.timeUs, start.timeUs - 1);
    const offset = entry < 0 ? 0 : found.offset[entry]!;
    earliest = earliest === null ? offset : Math.min(earliest, offset);
  }
  return earliest;
}

function isReached(item: RecordedItem, start: RecordingStart): boolean {
  if (item.type !== 'frame' || 'segment' in start) return false;
  return 'stream' in start ? item.stream === start.stream && item.seq >= start.seq : item.timeUs >= start.timeUs;
}
