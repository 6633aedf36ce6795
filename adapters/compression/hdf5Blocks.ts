import { WireError } from '../../src/wire/wireError.ts';
import { BITSHUFFLE_GROUP, undoBitshuffle } from './bitshuffle.ts';
import { LZ4_MOST_RATIO, unpackLz4Block } from './lz4Block.ts';

const HEADER_BYTES = 12;

/** Blocks are no larger than what would have to be held beside the result. */
const MOST_BLOCK_BYTES = 1 << 26;

/**
 * Unpacks what the LZ4 filter of HDF5 has packed, so that `target` is full: eight bytes of the unpacked size and four
 * of the block size, then each block behind four bytes of its packed size, all big-endian. A block that would not
 * shrink stands as it is.
 *
 * @throws WireError 'truncated' or 'garbage'.
 */
export function unpackLz4(source: Uint8Array, target: Uint8Array): void {
  const blocks = readBlocks(source, target.length);
  for (let from = 0; from < target.length; from += blocks.blockBytes) {
    const part = target.subarray(from, from + blocks.blockBytes);
    const packed = blocks.next();
    if (packed.length === part.length) part.set(packed);
    else unpackLz4Block(packed, part);
  }
}

/**
 * Unpacks what the bitshuffle filter of HDF5 has packed with LZ4, so that `target` is full. The header is that of
 * {@link unpackLz4}; elements that make no group of eight at the end stand as they are.
 *
 * @param width - Bytes of an element.
 * @throws WireError 'truncated' or 'garbage'.
 */
export function unpackBitshuffleLz4(source: Uint8Array, target: Uint8Array, width: number): void {
  const group = BITSHUFFLE_GROUP * width;
  const blocks = readBlocks(source, target.length);
  if (blocks.blockBytes % group !== 0)
    throw new WireError('garbage', `blocks of ${blocks.blockBytes} bytes, expected a multiple of ${group}`);
  const shuffledBytes = target.length - (target.length % group);
  const scratch = new Uint8Array(Math.min(blocks.blockBytes, shuffledBytes));
  for (let from = 0; from < shuffledBytes; from += blocks.blockBytes) {
    const part = target.subarray(from, Math.min(from + blocks.blockBytes, shuffledBytes));
    const shuffled = scratch.subarray(0, part.length);
    unpackLz4Block(blocks.next(), shuffled);
    undoBitshuffle(shuffled, part, width);
  }
  target.set(blocks.rest(target.length - shuffledBytes), shuffledBytes);
}

/** Reads the header, and then block by block. */
function readBlocks(source: Uint8Array, expectedBytes: number) {
  if (source.length < HEADER_BYTES)
    throw new WireError('truncated', `${source.length} packed bytes, their header alone takes ${HEADER_BYTES}`);
  const view = new DataView(source.buffer, source.byteOffset, source.length);
  const declared = view.getBigUint64(0);
  if (declared !== BigInt(expectedBytes))
    throw new WireError('length', `${declared} bytes are announced, the image has ${expectedBytes}`);
  const blockBytes = view.getUint32(8);
  if (expectedBytes > 0 && (blockBytes === 0 || blockBytes > MOST_BLOCK_BYTES))
    throw new WireError('garbage', `blocks of ${blockBytes} bytes, expected 1 to ${MOST_BLOCK_BYTES}`);
  let at = HEADER_BYTES;
  const take = (length: number): Uint8Array => {
    if (length > source.length - at)
      throw new WireError('truncated', `${length} packed bytes announced, ${source.length - at} present`);
    at += length;
    return source.subarray(at - length, at);
  };
  return {
    blockBytes,
    next(): Uint8Array {
      if (source.length - at < 4) throw new WireError('truncated', 'a packed block is missing');
      at += 4;
      return take(view.getUint32(at - 4));
    },
    rest: take,
  };
}

/** Whether so much can come of so little; asked before memory is spent on it. */
export const canHold = (packedBytes: number, unpackedBytes: number): boolean =>
  unpackedBytes <= packedBytes * LZ4_MOST_RATIO;
