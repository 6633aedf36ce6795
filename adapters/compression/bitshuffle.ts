/** Elements go in groups of so many. */
export const BITSHUFFLE_GROUP = 8;

/**
 * Undoes bitshuffle (Masui et al., Astron. Comput. 12 (2015) 181): in `shuffled` lie first the lowest bits of all
 * elements, eight to a byte, then the next bits, and so on, byte by byte of the element.
 *
 * @param shuffled - [n * width], n a multiple of {@link BITSHUFFLE_GROUP}.
 * @param target - [n * width] bytes of the elements, as they lie in memory of little-endian order.
 * @param width - Bytes of an element.
 * @throws RangeError when the lengths differ or are no whole number of groups.
 */
export function undoBitshuffle(shuffled: Uint8Array, target: Uint8Array, width: number): void {
  const group = BITSHUFFLE_GROUP * width;
  if (shuffled.length !== target.length || shuffled.length % group !== 0)
    throw new RangeError(`${shuffled.length} bytes into ${target.length}: expected as many, in groups of ${group}`);
  const rowBytes = shuffled.length / group;
  for (let byte = 0; byte < width; byte++) {
    const plane = byte * 8 * rowBytes;
    for (let at = 0; at < rowBytes; at++) {
      let low = 0;
      let high = 0;
      for (let bit = 0; bit < 4; bit++) {
        low |= shuffled[plane + bit * rowBytes + at]! << (8 * bit);
        high |= shuffled[plane + (bit + 4) * rowBytes + at]! << (8 * bit);
      }
      writeTransposed(low, high, target, at * group + byte, width);
    }
  }
}

/** Transposes 8 by 8 bits, four rows to a word (Warren, Hacker's Delight, 7-3), and writes the rows `stride` bytes apart. */
function writeTransposed(low: number, high: number, target: Uint8Array, at: number, stride: number): void {
  let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
  low ^= swap ^ (swap << 7);
  swap = (high ^ (high >>> 7)) & 0x00aa00aa;
  high ^= swap ^ (swap << 7);
  swap = (low ^ (low >>> 14)) & 0x0000cccc;
  low ^= swap ^ (swap << 14);
  swap = (high ^ (high >>> 14)) & 0x0000cccc;
  high ^= swap ^ (swap << 14);
  const first = (low & 0x0f0f0f0f) | ((high & 0x0f0f0f0f) << 4);
  const last = ((low >>> 4) & 0x0f0f0f0f) | (high & 0xf0f0f0f0);
  for (let row = 0; row < 4; row++) {
    target[at + row * stride] = first >>> (8 * row);
    target[at + (row + 4) * stride] = last >>> (8 * row);
  }
}
