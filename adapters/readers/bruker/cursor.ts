import { inflateSync } from 'node:zlib';
import type { MonitorError } from '../../../src/model/error.ts';
import type { Entry } from './container.ts';

/** Reads on and never back; what was taken is let go. */
export interface Cursor {
  /** The next bytes, lent until the next call. @throws MonitorError 'ADAPTER' when there are not so many. */
  take(length: number, what: string): DataView;
  /** All that is left, if it is no more than `limit`. */
  rest(limit: number): Uint8Array;
}

type Broken = (what: string, cause?: unknown) => MonitorError;

const PACKED = 0x53434141;
const PACKED_HEAD = 0x80;
const BLOCK_HEAD = 16;
const MAX_BLOCK = 64 * 1024 * 1024;

/** An entry from its beginning, unpacked when it is packed. */
export function openEntry(entry: Entry, broken: Broken): Cursor {
  const raw = createCursor(entry.chunks(), entry.name, broken);
  if (entry.bytes < PACKED_HEAD) return raw;
  const head = raw.take(PACKED_HEAD, 'its head');
  if (head.getUint32(0, true) !== PACKED) return createCursor(entry.chunks(), entry.name, broken);
  const limit = head.getUint32(4, true);
  const blocks = head.getUint32(12, true);
  if (limit > MAX_BLOCK) throw broken(`'${entry.name}' is packed in blocks of ${limit} bytes, more than ${MAX_BLOCK}`);
  return createCursor(unpack(raw, blocks, limit, entry.name, broken), entry.name, broken);
}

function* unpack(raw: Cursor, blocks: number, limit: number, name: string, broken: Broken): Generator<Uint8Array> {
  for (let i = 0; i < blocks; i++) {
    const length = raw.take(BLOCK_HEAD, `the head of block ${i}`).getUint32(0, true);
    const { buffer, byteOffset } = raw.take(length, `block ${i}`);
    try {
      yield inflateSync(new Uint8Array(buffer, byteOffset, length), { maxOutputLength: limit });
    } catch (cause) {
      throw broken(`block ${i} of '${name}' cannot be unpacked`, cause);
    }
  }
}

function createCursor(pieces: Iterator<Uint8Array>, name: string, broken: Broken): Cursor {
  let have: Uint8Array = new Uint8Array(0);
  let at = 0;
  let passed = 0;
  const fill = (length: number): boolean => {
    if (have.length - at >= length) return true;
    const parts = [have.subarray(at)];
    let available = have.length - at;
    while (available < length) {
      const next = pieces.next();
      if (next.done === true) break;
      parts.push(next.value);
      available += next.value.length;
    }
    passed += at;
    at = 0;
    have = new Uint8Array(Buffer.concat(parts));
    return available >= length;
  };
  return {
    take(length, what) {
      if (length > MAX_BLOCK) throw broken(`${what} of '${name}' would have ${length} bytes`);
      if (!fill(length)) throw broken(`'${name}' ends at byte ${passed + have.length}, in ${what}`);
      const view = new DataView(have.buffer, have.byteOffset + at, length);
      at += length;
      return view;
    },
    rest(limit) {
      if (fill(limit + 1)) throw broken(`'${name}' has more than ${limit} bytes`);
      return have.subarray(at);
    },
  };
}
