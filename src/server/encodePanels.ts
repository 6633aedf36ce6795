import type { BinaryPanel, ProtocolVersion } from './protocol.ts';
import type { RecentMean } from './recentMean.ts';
import { MAX_TRACKS, ROW_META, type RowHistory } from './rowHistory.ts';

const VERSION: ProtocolVersion = 1;
const HEADER_BYTES = 32;
const REFERENCED = 1;

interface Header {
  readonly panel: BinaryPanel;
  readonly flags: number;
  readonly generation: number;
  readonly first: number;
  readonly count: number;
  readonly channels: number;
  readonly tracks: number;
  readonly timeUs: number;
}

function writeHeader(view: DataView, header: Header): void {
  view.setUint8(0, VERSION);
  view.setUint8(1, header.panel);
  view.setUint16(2, header.flags, true);
  view.setUint32(4, header.generation, true);
  view.setUint32(8, header.first, true);
  view.setUint32(12, header.count, true);
  view.setUint32(16, header.channels, true);
  view.setUint32(20, header.tracks, true);
  view.setFloat64(24, header.timeUs, true);
}

/** The mean of the newest rows per frame, with its expectation and one sigma of their difference. */
export function encodeSpectrum(mean: RecentMean, generation: number, row: number): Uint8Array {
  const channels = mean.counts.length;
  const arrays = mean.isReferenced ? 3 : 1;
  const bytes = new Uint8Array(HEADER_BYTES + 4 * channels * arrays);
  const view = new DataView(bytes.buffer);
  writeHeader(view, {
    panel: 1,
    flags: mean.isReferenced ? REFERENCED : 0,
    generation,
    first: row,
    count: mean.frames,
    channels,
    tracks: 0,
    timeUs: mean.timeUs,
  });
  const perFrame = 1 / Math.max(1, mean.frames);
  let at = HEADER_BYTES;
  for (let j = 0; j < channels; j++, at += 4) view.setFloat32(at, mean.counts[j]! * perFrame, true);
  if (!mean.isReferenced) return bytes;
  for (let j = 0; j < channels; j++, at += 4) view.setFloat32(at, mean.expected[j]! * perFrame, true);
  for (let j = 0; j < channels; j++, at += 4) view.setFloat32(at, Math.sqrt(mean.variance[j]!) * perFrame, true);
  return bytes;
}

export interface EncodedRows {
  readonly bytes: Uint8Array;
  /** The row after the last one inside. */
  readonly next: number;
}

/** Rows from `from` on, at most `most`; ends early where rows with and without a reference meet. */
export function encodeRows(
  rows: RowHistory,
  range: { readonly from: number; readonly most: number; readonly tracks: number; readonly generation: number },
): EncodedRows {
  const { channels, capacity, meta } = rows;
  const from = Math.max(range.from, rows.first);
  const isReferenced = meta[(from % capacity) * ROW_META + 6] === 1;
  let next = from;
  while (
    next < rows.next &&
    next - from < range.most &&
    (meta[(next % capacity) * ROW_META + 6] === 1) === isReferenced
  )
    next++;
  const rowBytes = rowBytesOf(channels, range.tracks, isReferenced);
  const bytes = new Uint8Array(HEADER_BYTES + (next - from) * rowBytes);
  const view = new DataView(bytes.buffer);
  writeHeader(view, {
    panel: 2,
    flags: isReferenced ? REFERENCED : 0,
    generation: range.generation,
    first: from,
    count: next - from,
    channels,
    tracks: range.tracks,
    timeUs: next > from ? meta[((next - 1) % capacity) * ROW_META + 1]! : 0,
  });
  for (let row = from; row < next; row++) {
    const slot = row % capacity;
    let at = HEADER_BYTES + (row - from) * rowBytes;
    for (let k = 0; k < ROW_META; k++, at += 8) view.setFloat64(at, meta[slot * ROW_META + k]!, true);
    at = writeFloats(view, at, rows.counts, slot * channels, channels);
    if (isReferenced) {
      at = writeFloats(view, at, rows.expected, slot * channels, channels);
      at = writeFloats(view, at, rows.variance, slot * channels, channels);
    }
    writeFloats(view, at, rows.tracks, slot * 2 * MAX_TRACKS, 2 * range.tracks);
  }
  return { bytes, next };
}

function rowBytesOf(channels: number, tracks: number, isReferenced: boolean): number {
  const floats = channels * (isReferenced ? 3 : 1) + 2 * tracks;
  return ROW_META * 8 + 8 * Math.ceil(floats / 2);
}

function writeFloats(view: DataView, at: number, from: Float32Array, start: number, length: number): number {
  for (let j = 0; j < length; j++) view.setFloat32(at + 4 * j, from[start + j]!, true);
  return at + 4 * length;
}
