/** Packs as the filters of HDF5 do, for tests: plainly, by the book, and with nothing in common with what unpacks. */

/** An LZ4 block: literals, and matches of a run of equal bytes. */
export function lz4Block(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  const put = (literals: Uint8Array, match: number): void => {
    const short = (n: number): number => Math.min(n, 15);
    out.push((short(literals.length) << 4) | short(match));
    more(literals.length);
    out.push(...literals);
    if (match < 0) return;
    out.push(1, 0);
    more(match);
  };
  const more = (length: number): void => {
    if (length < 15) return;
    let rest = length - 15;
    for (; rest >= 255; rest -= 255) out.push(255);
    out.push(rest);
  };
  let from = 0;
  for (let at = 1; at < data.length - 12; at++) {
    let end = at;
    while (end < data.length - 5 && data[end] === data[at - 1]) end++;
    if (end - at < 4) continue;
    put(data.subarray(from, at), end - at - 4);
    from = at = end;
  }
  const last = data.subarray(from);
  out.push(Math.min(last.length, 15) << 4);
  more(last.length);
  out.push(...last);
  return Uint8Array.from(out);
}

/** Bit by bit, in groups of eight elements. */
export function bitshuffle(data: Uint8Array, width: number): Uint8Array {
  const elements = data.length / width;
  const out = new Uint8Array(data.length);
  for (let element = 0; element < elements; element++)
    for (let bit = 0; bit < 8 * width; bit++)
      if ((data[element * width + (bit >> 3)]! >> (bit & 7)) & 1)
        out[(bit * elements + element) >> 3]! |= 1 << (element & 7);
  return out;
}

const bigEndian = (value: number, bytes: number): Uint8Array => {
  const out = new Uint8Array(bytes);
  for (let i = bytes - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
};
const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** With the header of the LZ4 filter. */
export function packLz4(data: Uint8Array, blockBytes: number): Uint8Array {
  const blocks = chunks(data, blockBytes).flatMap((chunk) => {
    const packed = lz4Block(chunk);
    const kept = packed.length < chunk.length ? packed : chunk;
    return [bigEndian(kept.length, 4), kept];
  });
  return joined(bigEndian(data.length, 8), bigEndian(blockBytes, 4), ...blocks);
}

/** With the header of the bitshuffle filter. */
export function packBitshuffleLz4(
  data: Uint8Array,
  width: number,
  blockBytes: number,
  pack: (chunk: Uint8Array) => Uint8Array = lz4Block,
): Uint8Array {
  const whole = data.length - (data.length % (8 * width));
  const blocks = chunks(data.subarray(0, whole), blockBytes).flatMap((chunk) => {
    const packed = pack(bitshuffle(chunk, width));
    return [bigEndian(packed.length, 4), packed];
  });
  return joined(bigEndian(data.length, 8), bigEndian(blockBytes, 4), ...blocks, data.subarray(whole));
}

const chunks = (data: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(data.length / size) }, (_, i) => data.subarray(i * size, (i + 1) * size));
