import { crc32 } from 'node:zlib';
import { encodeCborItemInto } from '../wire/cborItem.ts';
import type { Scratch } from '../wire/cborItem.ts';

/** Before every item: its length and its CRC-32, two little-endian uint32. */
export const RECORD_HEADER_BYTES = 8;

/** An item as it lies in a segment, [length, CRC-32, CBOR]; a view of `scratch`, valid until its next use. */
export function encodeRecord(item: unknown, scratch: Scratch): Uint8Array {
  const body = encodeCborItemInto(item, scratch, RECORD_HEADER_BYTES);
  const record = scratch.bytes.subarray(0, RECORD_HEADER_BYTES + body.length);
  const view = new DataView(record.buffer, record.byteOffset, RECORD_HEADER_BYTES);
  view.setUint32(0, body.length, true);
  view.setUint32(4, crc32(body), true);
  return record;
}

/** Is `body` what the CRC in its header says? */
export const isIntact = (body: Uint8Array, crc: number): boolean => crc32(body) === crc;
