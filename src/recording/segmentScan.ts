import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { RecordingFault } from './item.ts';
import { isIntact, RECORD_HEADER_BYTES } from './record.ts';

/** One record of a segment; `body` is lent until the next. */
export interface ScannedRecord {
  readonly offset: number;
  readonly body: Uint8Array;
}

const CHUNK_BYTES = 1024 * 1024;
const MAX_RECORD_BYTES = 256 * 2 ** 20;

/**
 * The intact records of a segment from `offset` on, read in chunks.
 * One damaged record is stepped over; after two in a row the rest of the file is given up, since a length may be wrong too.
 */
export function* scanSegment(
  path: string,
  offset: number,
  onFault: (fault: RecordingFault) => void,
): Generator<ScannedRecord, void> {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const window = createWindow(file, size);
    let isAfterDamage = false;
    let at = offset;
    while (at < size) {
      const lostBytes = size - at;
      if (lostBytes < RECORD_HEADER_BYTES) return onFault(tornTail(path, at, lostBytes));
      const header = window.read(at, RECORD_HEADER_BYTES);
      const view = new DataView(header.buffer, header.byteOffset, RECORD_HEADER_BYTES);
      const length = view.getUint32(0, true);
      const crc = view.getUint32(4, true);
      if (length === 0 || length > MAX_RECORD_BYTES || at + RECORD_HEADER_BYTES + length > size)
        return onFault(isAfterDamage ? givenUp(path, at, lostBytes) : tornTail(path, at, lostBytes));
      const body = window.read(at + RECORD_HEADER_BYTES, length);
      if (isIntact(body, crc)) {
        isAfterDamage = false;
        yield { offset: at, body };
      } else if (isAfterDamage) return onFault(givenUp(path, at, lostBytes));
      else {
        isAfterDamage = true;
        onFault(damaged(path, at, RECORD_HEADER_BYTES + length, 'its CRC is wrong'));
      }
      at += RECORD_HEADER_BYTES + length;
    }
  } finally {
    closeSync(file);
  }
}

/** A part of the file in memory: grown to the longest record, else used again. */
function createWindow(file: number, size: number): { read(from: number, length: number): Uint8Array } {
  let bytes = new Uint8Array(Math.min(CHUNK_BYTES, size));
  let start = 0;
  let filled = 0;
  const fill = (from: number, length: number): void => {
    if (bytes.length < length) bytes = new Uint8Array(length);
    start = from;
    filled = 0;
    const wanted = Math.min(bytes.length, size - from);
    while (filled < wanted) {
      const count = readSync(file, bytes, filled, wanted - filled, from + filled);
      if (count === 0) break;
      filled += count;
    }
  };
  return {
    read(from, length) {
      if (from < start || from + length > start + filled) fill(from, length);
      return bytes.subarray(from - start, from - start + length);
    },
  };
}

const tornTail = (file: string, offset: number, lostBytes: number): RecordingFault => ({
  file,
  offset,
  lostBytes,
  kind: 'tornTail',
  detail: `${file} ends in the middle of a record: ${lostBytes} bytes from ${offset} are lost; reading goes on at the next segment`,
});

const givenUp = (file: string, offset: number, lostBytes: number): RecordingFault =>
  damaged(file, offset, lostBytes, 'two damaged records in a row, so the rest of the file is left out');

/** A record that cannot be used. */
export const damaged = (file: string, offset: number, lostBytes: number, why: string): RecordingFault => ({
  file,
  offset,
  lostBytes,
  kind: 'damaged',
  detail: `${file} is damaged at ${offset}: ${why}; ${lostBytes} bytes are lost and reading goes on after them`,
});
