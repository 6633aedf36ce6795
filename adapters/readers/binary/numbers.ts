/** How a number is written: unsigned, signed, floating point, and its bits. */
export type NumberType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64' | 'f32' | 'f64';

type Take = (view: DataView, offset: number, isLittle: boolean) => number;
const TAKE: Readonly<Record<NumberType, Take>> = {
  u8: (view, offset) => view.getUint8(offset),
  i8: (view, offset) => view.getInt8(offset),
  u16: (view, offset, isLittle) => view.getUint16(offset, isLittle),
  i16: (view, offset, isLittle) => view.getInt16(offset, isLittle),
  u32: (view, offset, isLittle) => view.getUint32(offset, isLittle),
  i32: (view, offset, isLittle) => view.getInt32(offset, isLittle),
  u64: (view, offset, isLittle) => Number(view.getBigUint64(offset, isLittle)),
  i64: (view, offset, isLittle) => Number(view.getBigInt64(offset, isLittle)),
  f32: (view, offset, isLittle) => view.getFloat32(offset, isLittle),
  f64: (view, offset, isLittle) => view.getFloat64(offset, isLittle),
};

/** Size of a number in bytes. */
export const bytesOf = (type: NumberType): number => Number(type.slice(1)) / 8;

/** One number. */
export const takeNumber = (view: DataView, offset: number, type: NumberType, isLittle = true): number =>
  TAKE[type](view, offset, isLittle);

/** Fills `target` with the numbers of a view, from its beginning. */
export function takeNumbers(view: DataView, type: NumberType, target: Float64Array, isLittle = true): Float64Array {
  const take = TAKE[type];
  const step = bytesOf(type);
  for (let i = 0; i < target.length; i++) target[i] = take(view, i * step, isLittle);
  return target;
}

/** Text of fixed length, up to its first zero byte, as latin-1. */
export function takeText(view: DataView, offset: number, length: number): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset + offset, length);
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? length : end).trim();
}

/** 100 ns since 1601 (Windows FILETIME) as integer microseconds since 1970; null when it is no date of an instrument. */
export function takeFileTime(view: DataView, offset: number): number | null {
  const us = Number(view.getBigUint64(offset, true) / 10n) - 11_644_473_600e6;
  return us > 0 && us < 4_102_444_800e6 ? us : null;
}
