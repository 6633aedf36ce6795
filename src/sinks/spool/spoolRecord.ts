import { RECORD_HEADER_BYTES, sealRecord } from '../../recording/record.ts';

/** One record of a spool: numbered texts, and when the first was taken in. */
export interface SpoolRecord {
  /** Number of the first item; the others follow. */
  readonly first: number;
  /** Wall clock of the first item, milliseconds since 1970. */
  readonly timeMs: number;
  readonly items: readonly string[];
}

/** Before the items in the body: number of the first, time, count. */
const BODY_HEADER_BYTES = 8 + 8 + 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a record: [length, CRC-32, first, time, count, then each item with its length]. */
export function encodeRecord({ first, timeMs, items }: SpoolRecord): Uint8Array {
  let room = RECORD_HEADER_BYTES + BODY_HEADER_BYTES;
  for (const item of items) room += 4 + 3 * item.length;
  const bytes = new Uint8Array(room);
  const view = new DataView(bytes.buffer);
  let at = RECORD_HEADER_BYTES;
  view.setFloat64(at, first, true);
  view.setFloat64(at + 8, timeMs, true);
  view.setUint32(at + 16, items.length, true);
  at += BODY_HEADER_BYTES;
  for (const item of items) {
    const { written } = encoder.encodeInto(item, bytes.subarray(at + 4));
    view.setUint32(at, written, true);
    at += 4 + written;
  }
  sealRecord({ bytes: Buffer.from(bytes.buffer), view }, 0, at);
  return bytes.subarray(0, at);
}

/** Number of the first item, time and count of a record whose CRC is right; null when its body is too short for them. */
export function readRecordHeader(body: Uint8Array): { first: number; timeMs: number; count: number } | null {
  if (body.length < BODY_HEADER_BYTES) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const [first, timeMs, count] = [view.getFloat64(0, true), view.getFloat64(8, true), view.getUint32(16, true)];
  return Number.isSafeInteger(first) && first >= 0 ? { first, timeMs, count } : null;
}

/** The items of a record with numbers [from, to). */
export function decodeItems(body: Uint8Array, from: number, to: number): string[] {
  const header = readRecordHeader(body);
  if (header === null) return [];
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const items: string[] = [];
  let at = BODY_HEADER_BYTES;
  const end = Math.min(to, header.first + header.count);
  for (let number = header.first; number < end && at + 4 <= body.length; number++) {
    const length = view.getUint32(at, true);
    if (number >= from) items.push(decoder.decode(body.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return items;
}
