import { readFileSync } from 'node:fs';
import type { CheckpointNote } from '../model/runNote.ts';
import { isWireMap } from '../wire/wireFields.ts';
import { decodeCborItem, encodeCborItem } from '../wire/cborItem.ts';
import { copyNumbers, wireLength, type WireNumbers } from '../wire/wireArray.ts';
import { WIRE_LIMITS } from '../wire/limits.ts';
import { indexPath } from './segments.ts';

/**
 * Where in a segment the frames of one stream lie: every {@link INDEX_STRIDE}th, in order. Of numbers and times the
 * largest so far, also where a source began anew or its clock ran backwards: what comes before an entry is not larger.
 */
export interface StreamIndex {
  count: number;
  lastSeq: number;
  lastTimeUs: number;
  readonly seq: number[];
  readonly timeUs: number[];
  readonly offset: number[];
}

/** Derived from a segment, so it may be lost: then the segment is read instead. */
export interface SegmentIndex {
  /** Offsets of the layouts, which must be read before a frame in the middle. */
  readonly layouts: number[];
  readonly streams: Map<string, StreamIndex>;
  /** Where the checkpoints lie, in order. */
  readonly checkpoints: CheckpointPlace[];
}

/** A checkpoint in a segment. */
export interface CheckpointPlace {
  readonly offset: number;
  /** Of the latest frame before it in the segment, of all streams. */
  readonly timeUs: number;
}

/** Frames between two entries: a seek reads at most so many in vain. */
export const INDEX_STRIDE = 32;

export const createSegmentIndex = (): SegmentIndex => ({ layouts: [], streams: new Map(), checkpoints: [] });

export function indexFrame(index: SegmentIndex, stream: string, seq: number, timeUs: number, offset: number): void {
  let entry = index.streams.get(stream);
  if (entry === undefined) {
    entry = { count: 0, lastSeq: seq, lastTimeUs: timeUs, seq: [], timeUs: [], offset: [] };
    index.streams.set(stream, entry);
  }
  if (entry.count % INDEX_STRIDE === 0) {
    entry.seq.push(Math.max(seq, entry.lastSeq));
    entry.timeUs.push(Math.max(timeUs, entry.lastTimeUs));
    entry.offset.push(offset);
  }
  entry.count++;
  entry.lastSeq = Math.max(seq, entry.lastSeq);
  entry.lastTimeUs = Math.max(timeUs, entry.lastTimeUs);
}

/** Time of the latest frame of all streams; -Infinity when there is none. */
export const latestUs = ({ streams }: SegmentIndex): number =>
  Math.max(...[...streams.values()].map(({ lastTimeUs }) => lastTimeUs));

export function indexCheckpoint(index: SegmentIndex, { position }: CheckpointNote, offset: number): void {
  const timesUs = Object.values(position).map(({ timeUs }) => timeUs);
  index.checkpoints.push({ offset, timeUs: Math.max(latestUs(index), ...timesUs) });
}

export const encodeSegmentIndex = (index: SegmentIndex): Uint8Array =>
  encodeCborItem({
    format: 1,
    layouts: index.layouts,
    // As typed arrays: a seek reads every index before its place.
    streams: Object.fromEntries(
      [...index.streams].map(([stream, entry]) => [
        stream,
        { ...entry, ...mapLists(entry, (list) => Float64Array.from(list)) },
      ]),
    ),
    checkpoints: index.checkpoints,
  });

const mapLists = <To>({ seq, timeUs, offset }: StreamIndex, map: (list: number[]) => To) => ({
  seq: map(seq),
  timeUs: map(timeUs),
  offset: map(offset),
});

function numbersOf(list: WireNumbers): number[] {
  const numbers = new Float64Array(wireLength(list));
  copyNumbers(list, numbers);
  return Array.from(numbers);
}

/** Null when the bytes are no index of this format. */
export function decodeSegmentIndex(bytes: Uint8Array): SegmentIndex | null {
  const map = decodeCborItem(bytes, { ...WIRE_LIMITS, maxContainers: 1_000_000 });
  if (!isWireMap(map) || map['format'] !== 1 || !isWireMap(map['streams'])) return null;
  const streams = Object.entries(map['streams'] as Record<string, StreamIndex>).map(
    ([stream, entry]): [string, StreamIndex] => [stream, { ...entry, ...mapLists(entry, numbersOf) }],
  );
  // Recordings of before there were any have none.
  const checkpoints = (map['checkpoints'] ?? []) as CheckpointPlace[];
  return { layouts: map['layouts'] as number[], streams: new Map(streams), checkpoints };
}

/** The index beside a segment; null when there is none, or it is not whole: it can be built again. */
export function readSegmentIndex(segment: string): SegmentIndex | null {
  try {
    return decodeSegmentIndex(readFileSync(indexPath(segment)));
  } catch {
    return null;
  }
}

/** Frames of all streams; 0 where there is no index. */
export const frameCountOf = (index: SegmentIndex | null): number =>
  [...(index?.streams.values() ?? [])].reduce((sum, { count }) => sum + count, 0);

/** Number of the last entry whose value is at most `wanted`; -1 when there is none. */
export function lastAtMost(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
