/** Seeded chance: numbers in [0, 1). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Mutation = (bytes: Uint8Array, chance: () => number, other: Uint8Array) => Uint8Array;

const place = (bytes: Uint8Array, chance: () => number, width = 1): number =>
  Math.floor(chance() * Math.max(1, bytes.length - width + 1));

/** Numbers that break counts, lengths and offsets. */
const LENGTHS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const FLOATS = [NaN, Infinity, -Infinity, -0, 1e308, 5e-324];
const WORDS = [
  'NaN',
  'inf',
  '-1',
  '1e999',
  '',
  '0',
  '99999999999999999999',
  '\u0000',
  '"',
  '<',
  '\n',
  '\t',
  ';',
  '{',
  '\ufffd',
];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  truncation: (bytes, chance) => bytes.slice(0, place(bytes, chance)),
  bitFlip(bytes, chance) {
    const out = bytes.slice();
    for (let n = 1 + Math.floor(chance() * 8); n > 0 && out.length > 0; n--) {
      const at = place(out, chance);
      out[at] = out[at]! ^ (1 << Math.floor(chance() * 8));
    }
    return out;
  },
  length(bytes, chance) {
    const width = [1, 2, 4][Math.floor(chance() * 3)]!;
    if (bytes.length < width) return bytes.slice();
    const out = bytes.slice();
    // Lengths stand at the beginning more often than elsewhere.
    const at = chance() < 0.5 ? place(out.subarray(0, 512), chance, width) : place(out, chance, width);
    const view = new DataView(out.buffer);
    const value = LENGTHS[Math.floor(chance() * LENGTHS.length)]!;
    const isLittle = chance() < 0.5;
    if (width === 1) view.setUint8(at, value & 0xff);
    else if (width === 2) view.setUint16(at, value & 0xffff, isLittle);
    else view.setUint32(at, value, isLittle);
    return out;
  },
  splice(bytes, chance, other) {
    const head = bytes.subarray(0, place(bytes, chance));
    const tail = other.subarray(place(other, chance));
    return Buffer.concat([head, tail.subarray(0, 100_000)]);
  },
  repetition(bytes, chance) {
    const from = place(bytes, chance);
    const part = bytes.subarray(from, from + 1 + Math.floor(chance() * 200));
    return Buffer.concat([
      bytes.subarray(0, from),
      ...Array.from({ length: 1 + Math.floor(chance() * 20) }, () => part),
      bytes.subarray(from),
    ]);
  },
  float(bytes, chance) {
    if (bytes.length < 8) return bytes.slice();
    const out = bytes.slice();
    const value = FLOATS[Math.floor(chance() * FLOATS.length)]!;
    const view = new DataView(out.buffer);
    if (chance() < 0.5) view.setFloat64(place(out, chance, 8), value, chance() < 0.5);
    else view.setFloat32(place(out, chance, 4), value, chance() < 0.5);
    return out;
  },
  endianness(bytes, chance) {
    const out = bytes.slice();
    const width = [2, 4, 8][Math.floor(chance() * 3)]!;
    const from = place(out, chance, width);
    const count = Math.min(1 + Math.floor(chance() * 32), Math.floor((out.length - from) / width));
    for (let i = 0; i < count; i++) out.subarray(from + i * width, from + (i + 1) * width).reverse();
    return out;
  },
  word(bytes, chance) {
    const from = place(bytes, chance);
    const word = Buffer.from(WORDS[Math.floor(chance() * WORDS.length)]!);
    return Buffer.concat([bytes.subarray(0, from), word, bytes.subarray(from + Math.floor(chance() * 12))]);
  },
  removal(bytes, chance) {
    const from = place(bytes, chance);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + Math.floor(chance() * 500))]);
  },
};
const NAMES = Object.keys(MUTATIONS);

/** One or three mutations of a seed; the same for the same chance. */
export function mutate(seed: Uint8Array, other: Uint8Array, chance: () => number): Uint8Array {
  let bytes = seed.slice();
  for (let n = chance() < 0.6 ? 1 : 3; n > 0; n--) {
    const name = NAMES[Math.floor(chance() * NAMES.length)]!;
    // Not a view of a pool: the mutations write into the memory behind it.
    bytes = new Uint8Array(MUTATIONS[name]!(bytes, chance, other));
  }
  return bytes;
}
