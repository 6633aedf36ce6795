/** A variable of the function: parameters first. */
const [FROM, TO, CHANNELS, DISTANCE, AT, STOP, SHIFT, REACH, HALF] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [I32, V128] = [0x7f, 0x7b];

// Instructions of WebAssembly by their names in its specification.
const localGet = (local: number): number[] => [0x20, local];
const localSet = (local: number): number[] => [0x21, local];
const i32Const = (value: number): number[] => [0x41, ...signed(value)];
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const I32_SHL = 0x74;
const BLOCK_OF_NOTHING = 0x40;
const LOOP = [0x03, BLOCK_OF_NOTHING];
const IF = [0x04, BLOCK_OF_NOTHING];
const END = 0x0b;
const BR_IF_TO_LOOP = [0x0d, 0];
const MEMORY_COPY = [0xfc, 0x0a, 0, 0];
const ALIGNED_8 = 3;
const v128Load = (offset: number): number[] => [0xfd, 0x00, ALIGNED_8, offset];
const v128Store = (offset: number): number[] => [0xfd, 0x0b, ALIGNED_8, offset];
const v128Const = (a: number, b: number): number[] => [0xfd, 0x0c, ...new Uint8Array(Float64Array.of(a, b).buffer)];
const F64X2_ADD = [0xfd, 0xf0, 0x01];
const F64X2_MUL = [0xfd, 0xf2, 0x01];
const F64X2_PMIN = [0xfd, 0xf6, 0x01];

/** Offsets of one round: eight channels, two at a time. */
const ROUND = [0, 16, 32, 48] as const;

/** Bytes beyond the last channel that a round may read, or write before it is overwritten. */
export const CLIP_PADDING = 64;

/** LEB128 of a whole number from 0 on. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >> 7)];
}
/** Signed LEB128 of a whole number from 0 on. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const name = (text: string): number[] => [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))];

/** to = min(from, (from before + from behind) / 2) of two channels, `offset` bytes beyond AT. */
const clipTwo = (offset: number): number[] => [
  ...[...localGet(AT!), ...localGet(SHIFT!), I32_ADD],
  ...[...localGet(AT!), ...localGet(REACH!), I32_SUB, ...v128Load(offset)],
  ...[...localGet(AT!), ...localGet(REACH!), I32_ADD, ...v128Load(offset)],
  ...[...F64X2_ADD, ...localGet(HALF!), ...F64X2_MUL, ...localGet(AT!), ...v128Load(offset), ...F64X2_PMIN],
  ...v128Store(offset),
];

/**
 * The bytes of a WebAssembly module with its memory, `memory`, and one function, `clip(from, to, channels, distance)`: one pass of SNIP
 * between two arrays of doubles at byte addresses, to[i] = min(from[i], (from[i - distance] + from[i + distance]) / 2), the `distance`
 * channels at either end copied. Two channels per instruction: what the language itself has no way to say.
 *
 * @see WebAssembly core specification 2.0, 5 (binary format).
 */
export function clipModule(): Uint8Array<ArrayBuffer> {
  const bytes = (channels: readonly number[]): number[] => [...channels, ...i32Const(3), I32_SHL];
  const toStop = bytes([...localGet(CHANNELS!), ...localGet(DISTANCE!), I32_SUB]);
  const isBeforeStop = [...localGet(AT!), ...localGet(STOP!), I32_LT_U];
  const code = [
    ...[...v128Const(0.5, 0.5), ...localSet(HALF!)],
    ...[...bytes(localGet(DISTANCE!)), ...localSet(REACH!)],
    ...[...localGet(FROM!), ...localGet(REACH!), I32_ADD, ...localSet(AT!)],
    ...[...localGet(FROM!), ...toStop, I32_ADD, ...localSet(STOP!)],
    ...[...localGet(TO!), ...localGet(FROM!), I32_SUB, ...localSet(SHIFT!)],
    ...[...isBeforeStop, ...IF, ...LOOP, ...ROUND.flatMap(clipTwo)],
    ...[...localGet(AT!), ...i32Const(16 * ROUND.length), I32_ADD, ...localSet(AT!)],
    ...[...isBeforeStop, ...BR_IF_TO_LOOP, END, END],
    ...[...localGet(TO!), ...localGet(FROM!), ...localGet(REACH!), ...MEMORY_COPY],
    ...[...localGet(STOP!), ...localGet(SHIFT!), I32_ADD, ...localGet(STOP!), ...localGet(REACH!), ...MEMORY_COPY],
    END,
  ];
  const body = [2, 4, I32!, 1, V128!, ...code];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 4, I32!, I32!, I32!, I32!, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('clip'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}
