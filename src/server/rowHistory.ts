import type { RowBuilder } from './rowBuilder.ts';

/** Per row: start us, time of the last frame us, last seq, frames, lost, total, referenced, 0. */
export const ROW_META = 8;
/** Columns for tracks, minimum and maximum each; later tracks are not shown. */
export const MAX_TRACKS = 16;

/** The last `capacity` rows, numbered from 0; a ring in one piece, so that memory is constant. */
export interface RowHistory {
  readonly capacity: number;
  readonly channels: number;
  /** Number of the next row. */
  readonly next: number;
  /** Oldest row kept. */
  readonly first: number;
  readonly meta: Float64Array;
  readonly counts: Float32Array;
  readonly expected: Float32Array;
  readonly variance: Float32Array;
  /** (minimum, maximum) per track; NaN where nothing was said. */
  readonly tracks: Float32Array;
  /** @param tracks - [2 MAX_TRACKS] */
  push(row: RowBuilder, tracks: Float64Array): void;
  /** Newest row that began at or before a time; -1 when none is kept. */
  rowAt(timeUs: number): number;
}

export function createRowHistory(capacity: number, channels: number): RowHistory {
  let next = 0;
  const meta = new Float64Array(capacity * ROW_META);
  const counts = new Float32Array(capacity * channels);
  const expected = new Float32Array(capacity * channels);
  const variance = new Float32Array(capacity * channels);
  const tracks = new Float32Array(capacity * 2 * MAX_TRACKS);
  const firstKept = () => Math.max(0, next - capacity);
  return {
    capacity,
    channels,
    meta,
    counts,
    expected,
    variance,
    tracks,
    get next() {
      return next;
    },
    get first() {
      return firstKept();
    },
    push(row, rowTracks) {
      const slot = next % capacity;
      let total = 0;
      for (let j = 0; j < channels; j++) total += row.counts[j]!;
      const m = slot * ROW_META;
      meta[m] = row.startUs;
      meta[m + 1] = row.endUs;
      meta[m + 2] = row.lastSeq;
      meta[m + 3] = row.frames;
      meta[m + 4] = row.lost;
      meta[m + 5] = total;
      // A row with frames from before the reference has no honest residual.
      meta[m + 6] = row.referenced === row.frames ? 1 : 0;
      counts.set(row.counts, slot * channels);
      expected.set(row.expected, slot * channels);
      variance.set(row.variance, slot * channels);
      tracks.set(rowTracks, slot * 2 * MAX_TRACKS);
      next++;
    },
    rowAt(timeUs) {
      for (let row = next - 1; row >= firstKept(); row--) if (meta[(row % capacity) * ROW_META]! <= timeUs) return row;
      return -1;
    },
  };
}
