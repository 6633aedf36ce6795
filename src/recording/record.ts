import { crc32 } from 'node:zlib';
import type { CborTarget } from '../wire/cborWriter.ts';

/** Before every item: its length and its CRC-32, two little-endian uint32. */
export const RECORD_HEADER_BYTES = 8;

/** Below, calling zlib takes longer than the sum. */
const FEW_BYTES = 400;

/** Makes a record of an item that lies in `target` up to `end`, with room for the header before it at `from`. */
export function sealRecord(target: CborTarget, from: number, end: number): void {
  const { bytes, view } = target;
  const bodyAt = from + RECORD_HEADER_BYTES;
  const length = end - bodyAt;
  view.setUint32(from, length, true);
  const crc =
    length < FEW_BYTES
      ? crcOfFew(target, bodyAt, end)
      : crc32(new Uint8Array(bytes.buffer, bytes.byteOffset + bodyAt, length));
  view.setUint32(from + 4, crc, true);
}

/** Is `body` what the CRC in its header says? */
export const isIntact = (body: Uint8Array, crc: number): boolean => crc32(body) === crc;

/** [8 * 256]: what a byte does to the CRC, followed by 0 to 7 other bytes. */
const tables = makeTables();

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    made[byte] = crc;
  }
  for (let i = 256; i < made.length; i++) made[i] = (made[i - 256]! >>> 8) ^ made[made[i - 256]! & 255]!;
  return made;
}

/** CRC-32 by eight bytes at a time ("slicing-by-8"). */
function crcOfFew({ bytes, view }: CborTarget, from: number, end: number): number {
  let crc = -1;
  let at = from;
  for (; at + 8 <= end; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      tables[0x700 + (low & 255)]! ^
      tables[0x600 + ((low >>> 8) & 255)]! ^
      tables[0x500 + ((low >>> 16) & 255)]! ^
      tables[0x400 + (low >>> 24)]! ^
      tables[0x300 + (high & 255)]! ^
      tables[0x200 + ((high >>> 8) & 255)]! ^
      tables[0x100 + ((high >>> 16) & 255)]! ^
      tables[high >>> 24]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ tables[(crc ^ bytes[at]!) & 255]!;
  return ~crc >>> 0;
}
