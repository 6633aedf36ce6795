import { ROW_META, type DecodedRow } from './decode.ts';

export const MAX_TRACKS = 16;
/** Rows in the shown spectrum, as the monitor means them. */
export const MEAN_ROWS = 5;

/** The rows the page holds: a ring of constant size, numbered as the monitor numbers them. */
export interface RowStore {
  readonly capacity: number;
  readonly channels: number;
  readonly first: number;
  readonly next: number;
  readonly counts: Float32Array;
  readonly expected: Float32Array;
  readonly variance: Float32Array;
  push(number: number, row: DecodedRow): void;
  slot(row: number): number;
  startUs(row: number): number;
  endUs(row: number): number;
  lastSeq(row: number): number;
  frames(row: number): number;
  lost(row: number): number;
  total(row: number): number;
  isReferenced(row: number): boolean;
  trackMin(row: number, track: number): number;
  trackMax(row: number, track: number): number;
  /** Where a time lies among the rows: row number and the part of the row that has passed. */
  positionOf(timeUs: number): number;
}

export function createRowStore(capacity: number, channels: number): RowStore {
  let first = 0;
  let next = 0;
  const meta = new Float64Array(capacity * ROW_META);
  const counts = new Float32Array(capacity * channels);
  const expected = new Float32Array(capacity * channels);
  const variance = new Float32Array(capacity * channels);
  const tracks = new Float32Array(capacity * MAX_TRACKS * 2);
  const of = (row: number, k: number) => meta[(row % capacity) * ROW_META + k] ?? Number.NaN;
  return {
    capacity,
    channels,
    counts,
    expected,
    variance,
    get first() {
      return first;
    },
    get next() {
      return next;
    },
    push(number, row) {
      // After a pause the monitor may have let rows go: what is held no longer joins on.
      if (number !== next) first = number;
      next = number + 1;
      first = Math.max(first, next - capacity);
      const slot = number % capacity;
      meta.set(row.meta, slot * ROW_META);
      counts.set(row.counts, slot * channels);
      if (row.expected !== null) expected.set(row.expected, slot * channels);
      if (row.variance !== null) variance.set(row.variance, slot * channels);
      const at = slot * MAX_TRACKS * 2;
      tracks.fill(Number.NaN, at, at + MAX_TRACKS * 2);
      tracks.set(row.tracks.subarray(0, MAX_TRACKS * 2), at);
    },
    slot: (row) => row % capacity,
    startUs: (row) => of(row, 0),
    endUs: (row) => of(row, 1),
    lastSeq: (row) => of(row, 2),
    frames: (row) => of(row, 3),
    lost: (row) => of(row, 4),
    total: (row) => of(row, 5),
    isReferenced: (row) => of(row, 6) === 1,
    trackMin: (row, track) => tracks[((row % capacity) * MAX_TRACKS + track) * 2] ?? Number.NaN,
    trackMax: (row, track) => tracks[((row % capacity) * MAX_TRACKS + track) * 2 + 1] ?? Number.NaN,
    positionOf(timeUs) {
      if (next === first) return next;
      let low = first;
      let high = next;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (of(middle, 0) <= timeUs) low = middle + 1;
        else high = middle;
      }
      const row = low - 1;
      if (row < first) return first - 1;
      const from = of(row, 0);
      const to = row + 1 < next ? of(row + 1, 0) : Math.max(of(row, 1), from + 1);
      return row + Math.min(1, (timeUs - from) / (to - from));
    },
  };
}

/** Per-frame mean of the rows that end at `row`, as the monitor makes it of the newest ones. */
export function meanUpTo(rows: RowStore, row: number) {
  const { channels } = rows;
  const now = new Float32Array(channels);
  const expected = new Float32Array(channels);
  const sigma = new Float32Array(channels);
  const isReferenced = rows.isReferenced(row);
  let frames = 0;
  for (let r = Math.max(rows.first, row - MEAN_ROWS + 1); r <= row; r++) {
    if (isReferenced && !rows.isReferenced(r)) continue;
    frames += rows.frames(r);
    const at = rows.slot(r) * channels;
    for (let j = 0; j < channels; j++) {
      now[j]! += rows.counts[at + j]!;
      expected[j]! += rows.expected[at + j]!;
      sigma[j]! += rows.variance[at + j]!;
    }
  }
  for (let j = 0; j < channels; j++) {
    now[j]! /= frames;
    expected[j]! /= frames;
    sigma[j] = Math.sqrt(sigma[j]!) / frames;
  }
  return {
    frames,
    timeUs: rows.endUs(row),
    row,
    now,
    expected: isReferenced ? expected : null,
    sigma: isReferenced ? sigma : null,
  };
}
