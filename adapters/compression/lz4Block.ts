import { WireError } from '../../src/wire/wireError.ts';

/** A match is four bytes at the least. */
const MIN_MATCH = 4;
/** A length of four bits that is full goes on in the bytes behind. */
const FULL = 15;

/** So much of the output at most comes of one byte of the input. */
export const LZ4_MOST_RATIO = 255;

/**
 * Unpacks one LZ4 block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md) so that `target` is full.
 * Every length and offset is checked before it is followed.
 *
 * @param source - The block, and nothing behind it.
 * @throws WireError 'truncated' when the block ends early, 'garbage' when it points outside or fills too much or too little.
 */
export function unpackLz4Block(source: Uint8Array, target: Uint8Array): void {
  let at = 0;
  let filled = 0;
  const lengthFrom = (short: number): number => {
    let length = short;
    if (short === FULL)
      for (let more = 255; more === 255; length += more) {
        if (at >= source.length) throw new WireError('truncated', 'an LZ4 block ends within a length');
        more = source[at++]!;
      }
    return length;
  };
  while (at < source.length) {
    const token = source[at++]!;
    const literals = lengthFrom(token >>> 4);
    if (literals > source.length - at) throw new WireError('truncated', 'an LZ4 block ends within its literals');
    if (literals > target.length - filled) throw tooMuch(target);
    for (const end = at + literals; at < end;) target[filled++] = source[at++]!;
    if (at === source.length) break;
    if (source.length - at < 2) throw new WireError('truncated', 'an LZ4 block ends within an offset');
    const offset = source[at]! | (source[at + 1]! << 8);
    at += 2;
    if (offset === 0 || offset > filled)
      throw new WireError('garbage', `an LZ4 block points ${offset} bytes back after ${filled}`);
    const length = lengthFrom(token & FULL) + MIN_MATCH;
    if (length > target.length - filled) throw tooMuch(target);
    copyMatch(target, filled, offset, length);
    filled += length;
  }
  if (filled !== target.length)
    throw new WireError('garbage', `an LZ4 block holds ${filled} bytes, expected ${target.length}`);
}

/** What is copied may reach into itself: then it repeats. */
function copyMatch(target: Uint8Array, at: number, offset: number, length: number): void {
  if (offset === 1) target.fill(target[at - 1]!, at, at + length);
  else if (offset >= length && length > 64) target.copyWithin(at, at - offset, at - offset + length);
  else for (let i = 0; i < length; i++) target[at + i] = target[at + i - offset]!;
}

const tooMuch = (target: Uint8Array): WireError =>
  new WireError('garbage', `an LZ4 block holds more than the ${target.length} bytes expected`);
