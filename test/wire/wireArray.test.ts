import { decode, encode, Token, Type } from 'cborg';
import { describe, expect, it } from 'vitest';
import { decodeCborItem, encodeCborItem } from '../../src/wire/cborItem.ts';
import { copyNumbers, WireArray, wireLength } from '../../src/wire/wireArray.ts';

type Put = (view: DataView, at: number, value: number, little: boolean) => void;

const int = (width: number, signed: boolean): Put => {
  const name = `set${width === 8 ? 'Big' : ''}${signed ? 'Int' : 'Uint'}${width * 8}` as 'setInt16';
  return (view, at, value, little) => view[name](at, (width === 8 ? BigInt(value) : value) as number, little);
};
const float32: Put = (view, at, value, little) => view.setFloat32(at, value, little);
const float64: Put = (view, at, value, little) => view.setFloat64(at, value, little);

/** RFC 8746, table 1, without the floats that JavaScript cannot write. */
const forms: [tag: number, width: number, little: boolean, put: Put, values: number[]][] = [
  [64, 1, false, int(1, false), [0, 1, 255]],
  [65, 2, false, int(2, false), [0, 258, 65535]],
  [66, 4, false, int(4, false), [0, 258, 4294967295]],
  [67, 8, false, int(8, false), [0, 258, 2 ** 52 + 1]],
  [68, 1, true, int(1, false), [0, 1, 255]],
  [69, 2, true, int(2, false), [0, 258, 65535]],
  [70, 4, true, int(4, false), [0, 258, 4294967295]],
  [71, 8, true, int(8, false), [0, 258, 2 ** 52 + 1]],
  [72, 1, false, int(1, true), [0, -1, 127, -128]],
  [73, 2, false, int(2, true), [0, -258, 32767]],
  [74, 4, false, int(4, true), [0, -258, 2147483647]],
  [75, 8, false, int(8, true), [0, -258, -(2 ** 52) - 1]],
  [77, 2, true, int(2, true), [0, -258, 32767]],
  [78, 4, true, int(4, true), [0, -258, 2147483647]],
  [79, 8, true, int(8, true), [0, -258, -(2 ** 52) - 1]],
  [81, 4, false, float32, [0, -1.5, 2 ** 100, NaN, Infinity]],
  [82, 8, false, float64, [0, -1.1, 1e300, NaN, -Infinity]],
  [85, 4, true, float32, [0, -1.5, 2 ** 100, NaN, Infinity]],
  [86, 8, true, float64, [0, -1.1, 1e300, NaN, -Infinity]],
];

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

function numbersOf(tag: number, bytes: Uint8Array): number[] {
  const source = new WireArray(tag, bytes);
  const target = new Float64Array(wireLength(source));
  copyNumbers(source, target);
  return [...target];
}

describe('typed arrays of RFC 8746', () => {
  it.each(forms)('tag %i is read, aligned and misaligned', (tag, width, little, put, values) => {
    for (const shift of [0, 1, 3]) {
      const buffer = new ArrayBuffer(values.length * width + shift);
      values.forEach((value, i) => put(new DataView(buffer), shift + i * width, value, little));
      expect(numbersOf(tag, new Uint8Array(buffer, shift))).toEqual(values);
    }
  });

  it('half precision is read in both byte orders, subnormal and non-finite values included', () => {
    const expected = [1, -2, 65504, 2 ** -24, Infinity, NaN];
    expect(numbersOf(80, hex('3c00c0007bff00017c007e00'))).toEqual(expected);
    expect(numbersOf(84, hex('003c00c0ff7b0100007c007e'))).toEqual(expected);
  });

  it('quadruple precision is rounded to double', () => {
    const one = '3fff0000000000000000000000000000';
    const minusTwoAndHalf = 'c0004000000000000000000000000000';
    expect(numbersOf(83, hex(one + minusTwoAndHalf))).toEqual([1, -2.5]);
    expect(numbersOf(87, hex(one).reverse())).toEqual([1]);
  });

  it('bytes that are no whole number of values are called truncated', () => {
    expect(() => wireLength(new WireArray(86, new Uint8Array(9)))).toThrow(
      expect.objectContaining({ reason: 'truncated' }),
    );
  });

  it('the reserved tag 76 is refused', () => {
    const bytes = encode([new Token(Type.tag, 76)], {
      typeEncoders: { Array: () => [new Token(Type.tag, 76), new Token(Type.bytes, new Uint8Array(2))] },
    });
    expect(() => decodeCborItem(bytes)).toThrow(expect.objectContaining({ reason: 'garbage' }));
  });

  it('what is written is little-endian float64, tag 86, readable by any CBOR decoder', () => {
    const bytes = encodeCborItem({ values: Float64Array.of(1.5, -0, NaN) });
    const { values } = decode(bytes, { tags: { 86: (content) => content() } }) as { values: Uint8Array };
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
    expect([0, 8, 16].map((at) => view.getFloat64(at, true))).toEqual([1.5, -0, NaN]);
  });
});
