import type { BinaryPanel, ProtocolVersion } from '../../../src/server/protocol.ts';

const VERSION: ProtocolVersion = 1;
const HEADER_BYTES = 32;
export const ROW_META = 8;

export interface SpectrumPanel {
  readonly panel: 1;
  readonly generation: number;
  readonly row: number;
  /** Frames in the mean. */
  readonly frames: number;
  readonly timeUs: number;
  readonly now: Float32Array;
  /** Absent without a reference, with `sigma`. */
  readonly expected: Float32Array | null;
  readonly sigma: Float32Array | null;
}

export interface RowPanel {
  readonly panel: 2;
  readonly generation: number;
  readonly first: number;
  readonly channels: number;
  readonly tracks: number;
  readonly rows: readonly DecodedRow[];
}

export interface DecodedRow {
  /** start us, time of the last frame us, last seq, frames, lost, total, referenced, 0 */
  readonly meta: Float64Array;
  readonly counts: Float32Array;
  readonly expected: Float32Array | null;
  readonly variance: Float32Array | null;
  /** (minimum, maximum) per track */
  readonly tracks: Float32Array;
}

/** Reads a binary message; null when it is of another version or shape. The arrays are views into it. */
export function decodePanel(buffer: ArrayBuffer): SpectrumPanel | RowPanel | null {
  if (buffer.byteLength < HEADER_BYTES) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== VERSION) return null;
  const panel = view.getUint8(1) as BinaryPanel;
  const isReferenced = (view.getUint16(2, true) & 1) === 1;
  const generation = view.getUint32(4, true);
  const first = view.getUint32(8, true);
  const count = view.getUint32(12, true);
  const channels = view.getUint32(16, true);
  const tracks = view.getUint32(20, true);
  const floats = (at: number, length: number) => new Float32Array(buffer, at, length);
  if (panel === 1) {
    if (buffer.byteLength < HEADER_BYTES + 4 * channels * (isReferenced ? 3 : 1)) return null;
    return {
      panel,
      generation,
      row: first,
      frames: count,
      timeUs: view.getFloat64(24, true),
      now: floats(HEADER_BYTES, channels),
      expected: isReferenced ? floats(HEADER_BYTES + 4 * channels, channels) : null,
      sigma: isReferenced ? floats(HEADER_BYTES + 8 * channels, channels) : null,
    };
  }
  const arrays = isReferenced ? 3 : 1;
  const rowBytes = ROW_META * 8 + 8 * Math.ceil((channels * arrays + 2 * tracks) / 2);
  if (panel !== 2 || buffer.byteLength < HEADER_BYTES + count * rowBytes) return null;
  const rows = Array.from({ length: count }, (_, k): DecodedRow => {
    const at = HEADER_BYTES + k * rowBytes;
    const data = at + ROW_META * 8;
    return {
      meta: new Float64Array(buffer, at, ROW_META),
      counts: floats(data, channels),
      expected: isReferenced ? floats(data + 4 * channels, channels) : null,
      variance: isReferenced ? floats(data + 8 * channels, channels) : null,
      tracks: floats(data + 4 * channels * arrays, 2 * tracks),
    };
  });
  return { panel, generation, first, channels, tracks, rows };
}
