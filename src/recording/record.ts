import { crc32 } from 'node:zlib';
import type { CborTarget } from '../wire/cborWriter.ts';

/** Before every item: its length and its CRC-32, two little-endian uint32. */
export const RECORD_HEADER_BYTES = 8;

/** Makes a record of an item that lies in `target` up to `end`, with room for the header before it at `from`. */
export function sealRecord({ bytes, view }: CborTarget, from: number, end: number): void {
  const bodyAt = from + RECORD_HEADER_BYTES;
  view.setUint32(from, end - bodyAt, true);
  view.setUint32(from + 4, crc32(new Uint8Array(bytes.buffer, bytes.byteOffset + bodyAt, end - bodyAt)), true);
}

/** Is `body` what the CRC in its header says? */
export const isIntact = (body: Uint8Array, crc: number): boolean => crc32(body) === crc;
