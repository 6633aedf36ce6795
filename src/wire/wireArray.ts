import { WireError } from './wireError.ts';

/** A typed array of RFC 8746 as it lies in the received bytes: not yet converted, maybe misaligned. */
export class WireArray {
  readonly tag: number;
  readonly bytes: Uint8Array;
  constructor(tag: number, bytes: Uint8Array) {
    this.tag = tag;
    this.bytes = bytes;
  }
}

/** Numbers in any form the wire knows: a typed array, a byte string (uint8), or a plain array (null is NaN). */
export type WireNumbers = WireArray | Uint8Array | readonly unknown[];

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

// RFC 8746, 2.1: the tag is 0b010_f_s_e_ll: float, signed, little-endian, size.
const isFloat = (tag: number): boolean => (tag & 16) !== 0;
const isSigned = (tag: number): boolean => (tag & 8) !== 0;
const isLittle = (tag: number): boolean => (tag & 4) !== 0;
const elementBytes = (tag: number): number => 1 << ((tag & 3) + (isFloat(tag) ? 1 : 0));

/** Is it numbers at all? */
export const isWireNumbers = (value: unknown): value is WireNumbers =>
  value instanceof WireArray || value instanceof Uint8Array || Array.isArray(value);

/** How many numbers. @throws WireError 'truncated' when the bytes are not a whole number of them. */
export function wireLength(source: WireNumbers): number {
  if (!(source instanceof WireArray)) return source.length;
  const width = elementBytes(source.tag);
  if (source.bytes.length % width !== 0)
    throw new WireError('truncated', `${source.bytes.length} bytes are no whole number of ${width}-byte values`);
  return source.bytes.length / width;
}

/**
 * Converts into `target`, which has {@link wireLength} elements; allocates no array buffer.
 * 64-bit integers beyond 2^53 and float128 are rounded to the nearest double.
 * @throws WireError 'garbage' when an element of a plain array is neither a number nor null.
 */
export function copyNumbers(source: WireNumbers, target: Float64Array): void {
  if (source instanceof WireArray) copyTyped(source.tag, source.bytes, target);
  else if (source instanceof Uint8Array) target.set(source);
  else copyPlain(source, target);
}

function copyPlain(source: readonly unknown[], target: Float64Array): void {
  for (let i = 0; i < source.length; i++) {
    const value = source[i];
    if (typeof value === 'number') target[i] = value;
    else if (value === null) target[i] = NaN;
    else if (typeof value === 'bigint') target[i] = Number(value);
    else throw new WireError('garbage', `value ${i} is ${typeof value}, expected a number`);
  }
}

function copyTyped(tag: number, bytes: Uint8Array, target: Float64Array): void {
  const width = elementBytes(tag);
  if (width === 1) target.set(isSigned(tag) ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes);
  else if (isLittle(tag) === hostIsLittleEndian && copyAsTheyLie(tag, bytes, target)) return;
  else copyByView(tag, width, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), target);
}

/** The fast ways, for numbers in the byte order of this machine. False when there is none. */
function copyAsTheyLie(tag: number, bytes: Uint8Array, target: Float64Array): boolean {
  const { buffer, byteOffset, length } = bytes;
  if ((tag | 4) === 86) {
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
    return true;
  }
  if (byteOffset % elementBytes(tag) !== 0) return false;
  switch (tag | 4) {
    case 69:
      target.set(new Uint16Array(buffer, byteOffset, length / 2));
      return true;
    case 70:
      target.set(new Uint32Array(buffer, byteOffset, length / 4));
      return true;
    case 77:
      target.set(new Int16Array(buffer, byteOffset, length / 2));
      return true;
    case 78:
      target.set(new Int32Array(buffer, byteOffset, length / 4));
      return true;
    case 85:
      target.set(new Float32Array(buffer, byteOffset, length / 4));
      return true;
    default:
      return false;
  }
}

function copyByView(tag: number, width: number, view: DataView, target: Float64Array): void {
  const read = readerOf(tag);
  const little = isLittle(tag);
  for (let i = 0; i < target.length; i++) target[i] = read(view, i * width, little);
}

type ReadElement = (view: DataView, at: number, little: boolean) => number;

function readerOf(tag: number): ReadElement {
  switch ((isFloat(tag) ? 16 : isSigned(tag) ? 8 : 0) + (tag & 3)) {
    case 1:
      return (view, at, little) => view.getUint16(at, little);
    case 2:
      return (view, at, little) => view.getUint32(at, little);
    case 3:
      return (view, at, little) => Number(view.getBigUint64(at, little));
    case 9:
      return (view, at, little) => view.getInt16(at, little);
    case 10:
      return (view, at, little) => view.getInt32(at, little);
    case 11:
      return (view, at, little) => Number(view.getBigInt64(at, little));
    case 16:
      return readFloat16;
    case 17:
      return (view, at, little) => view.getFloat32(at, little);
    case 18:
      return (view, at, little) => view.getFloat64(at, little);
    default:
      return readFloat128;
  }
}

function readFloat16(view: DataView, at: number, little: boolean): number {
  const bits = view.getUint16(at, little);
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function readFloat128(view: DataView, at: number, little: boolean): number {
  const high = view.getBigUint64(little ? at + 8 : at, little);
  const low = view.getBigUint64(little ? at : at + 8, little);
  const exponent = Number((high >> 48n) & 0x7fffn);
  const fraction = Number(((high & 0xffffffffffffn) << 64n) | low) / 2 ** 112;
  const sign = high >> 63n ? -1 : 1;
  if (exponent === 0x7fff) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? 0 * sign : sign * (1 + fraction) * 2 ** (exponent - 16383);
}
