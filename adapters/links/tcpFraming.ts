import type { Rejection } from '../../src/model/adapter.ts';

/** How messages are told apart in a stream of bytes. */
export type Framing =
  | { readonly by: 'size'; readonly bytes: number }
  | {
      readonly by: 'length';
      /** Bytes of the number before each message. */
      readonly prefix: 1 | 2 | 4 | 8;
      readonly endianness: 'little' | 'big';
      /** The number counts itself. */
      readonly includesItself: boolean;
    }
  | { readonly by: 'delimiter'; readonly delimiter: Uint8Array };

export interface Framer {
  /** Takes what arrived; false when the stream cannot be followed any more. */
  push(chunk: Uint8Array): boolean;
  /** The stream is over: what is left is half a message. */
  end(): void;
}

export interface FramerOutlet {
  /** A message without prefix or delimiter; lent. Empty ones, as some senders keep a link alive with, are left out. */
  next(bytes: Uint8Array): void;
  reject(rejection: Rejection): void;
}

/** Cuts a stream into messages; holds no more than one of them, of `maxBytes` at most, and the last chunk. */
export function createFramer(framing: Framing, maxBytes: number, outlet: FramerOutlet): Framer {
  const cut =
    framing.by === 'delimiter' ? cutDelimited(framing, maxBytes, outlet) : cutCounted(framing, maxBytes, outlet);
  let memory = Buffer.alloc(0);
  let filled = 0;
  const append = (bytes: Uint8Array): void => {
    if (filled + bytes.length > memory.length) {
      const larger = Buffer.alloc(Math.max(2 * memory.length, filled + bytes.length));
      larger.set(memory.subarray(0, filled));
      memory = larger;
    }
    memory.set(bytes, filled);
    filled += bytes.length;
  };
  return {
    push(chunk) {
      if (filled === 0) {
        const used = cut(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), 0);
        if (used !== null) append(chunk.subarray(used));
        return used !== null;
      }
      const known = filled;
      append(chunk);
      const used = cut(memory.subarray(0, filled), known);
      if (used === null) {
        filled = 0;
        return false;
      }
      memory.copyWithin(0, used, filled);
      filled -= used;
      return true;
    },
    end() {
      const detail = `the link ended within a message, after ${filled} bytes`;
      if (filled > 0) outlet.reject({ reason: 'truncated', detail, bytes: memory.subarray(0, filled) });
      filled = 0;
    },
  };
}

/** Hands on the messages in `bytes`, of which the first `known` were looked at before; how much was used, null when the stream is lost. */
type Cut = (bytes: Buffer, known: number) => number | null;

const tooLarge = (length: number, maxBytes: number): Rejection => ({
  reason: 'tooLarge',
  detail: `a message of ${length} bytes, at most ${maxBytes} are taken`,
});

function cutDelimited({ delimiter }: Framing & { by: 'delimiter' }, maxBytes: number, outlet: FramerOutlet): Cut {
  /** In the middle of a message that is too long, up to its delimiter. */
  let isSkipping = false;
  return (bytes, known) => {
    let from = 0;
    let search = Math.max(0, known - delimiter.length + 1);
    for (let to = bytes.indexOf(delimiter, search); to >= 0; to = bytes.indexOf(delimiter, search)) {
      if (!isSkipping && to - from > maxBytes) outlet.reject(tooLarge(to - from, maxBytes));
      else if (!isSkipping && to > from) outlet.next(bytes.subarray(from, to));
      isSkipping = false;
      search = from = to + delimiter.length;
    }
    const rest = bytes.length - from;
    if (!isSkipping && rest < maxBytes + delimiter.length) return from;
    if (!isSkipping) outlet.reject(tooLarge(rest, maxBytes));
    isSkipping = true;
    // The delimiter may have begun.
    return Math.max(from, bytes.length - delimiter.length + 1);
  };
}

function cutCounted(framing: Framing & { by: 'size' | 'length' }, maxBytes: number, outlet: FramerOutlet): Cut {
  const head = framing.by === 'length' ? framing.prefix : 0;
  return (bytes) => {
    let from = 0;
    while (bytes.length - from >= Math.max(head, 1)) {
      const length = framing.by === 'length' ? lengthAt(bytes, from, framing) : framing.bytes;
      if (length < 0) {
        outlet.reject({
          reason: 'garbage',
          detail: `a length of ${length + head}, which is to count its own ${head} bytes`,
        });
        return null;
      }
      if (length > maxBytes) {
        outlet.reject(tooLarge(length, maxBytes));
        return null;
      }
      if (from + head + length > bytes.length) break;
      if (length > 0) outlet.next(bytes.subarray(from + head, from + head + length));
      from += head + length;
    }
    return from;
  };
}

/** Of the message, without the number itself. */
function lengthAt(
  bytes: Buffer,
  at: number,
  { prefix, endianness, includesItself }: Framing & { by: 'length' },
): number {
  const isBig = endianness === 'big';
  let length: number;
  if (prefix === 8) length = Number(isBig ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
  else length = isBig ? bytes.readUIntBE(at, prefix) : bytes.readUIntLE(at, prefix);
  return includesItself ? length - prefix : length;
}
