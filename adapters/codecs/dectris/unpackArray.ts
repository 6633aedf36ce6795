import { WireError } from '../../../src/wire/wireError.ts';
import { canHold, unpackBitshuffleLz4, unpackLz4 } from '../../compression/hdf5Blocks.ts';
import { unpackLz4Block } from '../../compression/lz4Block.ts';
import type { PackedArray } from './message.ts';

/** Of one image: more than any detector of one module row has, 32 Mi. */
export const MOST_PIXELS = 2 ** 25;

// RFC 8746, 2.1: the tag is 0b010_f_s_e_ll.
const elementBytes = (tag: number): number => 1 << ((tag & 3) + ((tag & 16) >> 4));

/** Unpacks arrays into memory of its own, which is used again: what it gives is lent. */
export type Unpacker = (array: PackedArray) => Uint8Array;

/** @returns gives the bytes of an array, row by row; throws WireError 'tooLarge', 'length', 'truncated' or 'garbage'. */
export function createUnpacker(): Unpacker {
  let scratch = new Uint8Array(0);
  return ({ width, height, tag, packing, shuffledWidth, bytes }) => {
    const pixels = width * height;
    if (pixels < 1 || pixels > MOST_PIXELS)
      throw new WireError('tooLarge', `${width} x ${height} pixels, expected 1 to ${MOST_PIXELS}`);
    const byteLength = pixels * elementBytes(tag);
    if (packing === 'none') {
      if (bytes.length !== byteLength)
        throw new WireError('length', `${bytes.length} bytes, ${width} x ${height} pixels take ${byteLength}`);
      return bytes;
    }
    if (!canHold(bytes.length, byteLength))
      throw new WireError('garbage', `${bytes.length} packed bytes cannot hold the ${byteLength} of the image`);
    if (scratch.length !== byteLength) scratch = new Uint8Array(byteLength);
    if (packing === 'lz4Block') unpackLz4Block(bytes, scratch);
    else if (packing === 'lz4') unpackLz4(bytes, scratch);
    else unpackBitshuffleLz4(bytes, scratch, shuffledWidth);
    return scratch;
  };
}
