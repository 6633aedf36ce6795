import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undoBitshuffle } from '../../../adapters/compression/bitshuffle.ts';
import { canHold, unpackBitshuffleLz4, unpackLz4 } from '../../../adapters/compression/hdf5Blocks.ts';
import { unpackLz4Block } from '../../../adapters/compression/lz4Block.ts';
import { WireError } from '../../../src/wire/wireError.ts';
import { bitshuffle, lz4Block, packBitshuffleLz4, packLz4 } from '../../support/packing.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

/** The vectors of github.com/dectris/compression, python/tests/test_compression.py (MIT). */
const SENTENCE = 'My hair is shingled, and the longest strands are about nine inches long.';
const PUBLISHED = {
  1: `0000000000000048 00000040 00000040 f21b33ab224827a91a5540ca40c0a54a8c6201c0cfea4b86b8262b7149e4000288b3420a
    0002ec483000feff0100f0017bfbe7eeefefbef70000000000000000000000098053f2f9b802ff7b00`,
  2: `0000000000000048 00000040 00000042 f031158013f488888382818b2924d1a9005008008a04feffffffddabbbf600000000f525
    e503b0803c5a80fb935e47c210da31102e04fffffffff7fdffdf000000006573206c6f6e672e`,
  4: `0000000000000048 00000040 00000042 f03107e5000111211dc00020feff1fe500003f1b04c6d0e58bc44522ffffffff000080c1
    aa99b846e800020bfffffadf00004c1c8c36f83991b00407ffffedbf00006573206c6f6e672e`,
} as const;
const STORED = `0000000000000048 00000040 00000040 ${Buffer.from(SENTENCE.slice(0, 64)).toString('hex')}
  00000008 ${Buffer.from(SENTENCE.slice(64)).toString('hex')}`;
const ONES = '000000000000001d 00000010 0000000a 16ff010050ffffffffff 0000000a 13ff010050ffffffffff';

const unpack = (length: number, fill: (target: Uint8Array) => void): Uint8Array => {
  const target = new Uint8Array(length);
  fill(target);
  return target;
};

describe('the filters of HDF5', () => {
  it.each([1, 2, 4] as const)('unpack the published bitshuffle vector of elements of %i bytes', (width) => {
    const target = unpack(SENTENCE.length, (into) => unpackBitshuffleLz4(hex(PUBLISHED[width]), into, width));
    expect(Buffer.from(target).toString()).toBe(SENTENCE);
  });

  it('unpack the published LZ4 vectors, with blocks that stand as they are and blocks that repeat', () => {
    const target = unpack(SENTENCE.length, (into) => unpackLz4(hex(STORED), into));
    expect(Buffer.from(target).toString()).toBe(SENTENCE);
    expect(unpack(29, (into) => unpackLz4(hex(ONES), into))).toEqual(new Uint8Array(29).fill(255));
  });

  it('give back what was packed, whatever it is: runs, noise, ends that fill no group', () => {
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      fc
        .array(fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 400 })), { maxLength: 6 })
        .map((runs) => Uint8Array.from(runs.flatMap(([byte, length]) => new Array<number>(length).fill(byte)))),
    );
    fc.assert(
      fc.property(data, fc.constantFrom(1, 2, 4, 8), (bytes, width) => {
        expect(unpack(bytes.length, (into) => unpackLz4Block(lz4Block(bytes), into))).toEqual(bytes);
        expect(unpack(bytes.length, (into) => unpackLz4(packLz4(bytes, 256), into))).toEqual(bytes);
        const packed = packBitshuffleLz4(bytes, width, 64 * width);
        expect(unpack(bytes.length, (into) => unpackBitshuffleLz4(packed, into, width))).toEqual(bytes);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('unpack what another LZ4 has packed', async () => {
    const lz4 = await import('lz4-napi').catch(() => null);
    if (lz4 === null) return console.warn('skipped: lz4-napi is not available');
    const data = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> (5 + (i >> 13)));
    // It puts four bytes of the length before the block.
    const pack = (chunk: Uint8Array): Uint8Array => lz4.compressSync(Buffer.from(chunk)).subarray(4);
    expect(unpack(data.length, (into) => unpackLz4Block(pack(data), into))).toEqual(data);
    const packed = packBitshuffleLz4(data, 4, 8192, pack);
    expect(unpack(data.length, (into) => unpackBitshuffleLz4(packed, into, 4))).toEqual(data);
  });

  it('refuse what is cut, at every byte', () => {
    const bitshuffled = hex(PUBLISHED[2]);
    for (let cut = 0; cut < bitshuffled.length; cut++)
      expect(() => unpack(72, (into) => unpackBitshuffleLz4(bitshuffled.subarray(0, cut), into, 2))).toThrow(WireError);
    const stored = hex(STORED);
    for (let cut = 0; cut < stored.length; cut++)
      expect(() => unpack(72, (into) => unpackLz4(stored.subarray(0, cut), into))).toThrow(WireError);
    const repeated = hex(ONES);
    for (let cut = 0; cut < repeated.length; cut++)
      expect(() => unpack(29, (into) => unpackLz4(repeated.subarray(0, cut), into))).toThrow(WireError);
  });

  it('throw nothing else for any bytes, and write nowhere else', () => {
    const good = hex(PUBLISHED[1]);
    const spoiled = fc
      .array(fc.record({ at: fc.nat({ max: good.length - 1 }), byte: fc.nat({ max: 255 }) }), { maxLength: 8 })
      .map((changes) => changes.reduce((bytes, { at, byte }) => bytes.with(at, byte), good));
    let refused = 0;
    const tryTo = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        refused++;
      }
    };
    fc.assert(
      fc.property(fc.oneof(spoiled, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        const memory = new Uint8Array(72 + 16).fill(7);
        tryTo(() => unpackBitshuffleLz4(bytes, memory.subarray(8, 80), 1));
        tryTo(() => unpackLz4(bytes, memory.subarray(8, 80)));
        tryTo(() => unpackLz4Block(bytes, memory.subarray(8, 80)));
        expect([...memory.subarray(0, 8), ...memory.subarray(80)]).toEqual(new Array(16).fill(7));
      }),
      { numRuns: 3000, seed: 11 },
    );
    expect(refused).toBeGreaterThan(3000);
  });

  it.each([
    ['a length of 2^64 - 1', 'ffffffffffffffff 00002000 00000001 00', 'announced'],
    ['no block size', '0000000000000048 00000000', 'blocks of 0'],
    ['blocks of 4 GiB', '0000000000000048 ffffffff', 'blocks of 4294967295'],
    ['a packed block of 4 GiB', '0000000000000048 00002000 ffffffff 00', 'announced'],
    ['an offset before the beginning', '0000000000000048 00002000 00000004 10 41 02 00', 'points'],
    ['an offset of nothing', '0000000000000048 00002000 00000004 10 41 00 00', 'points 0'],
  ])('refuse %s', (_, packed, told) => {
    expect(() => unpack(72, (into) => unpackLz4(hex(packed), into))).toThrow(told);
  });

  it('know before any memory is spent what cannot come of so few bytes', () => {
    expect(canHold(100, 25_500)).toBe(true);
    expect(canHold(100, 2 ** 25)).toBe(false);
  });
});

describe('bitshuffle', () => {
  it('is undone for every width', () => {
    const data = Uint8Array.from({ length: 8 * 8 * 5 }, (_, i) => (i * 37 + (i >> 3)) & 255);
    for (const width of [1, 2, 4, 8])
      expect(unpack(data.length, (into) => undoBitshuffle(bitshuffle(data, width), into, width))).toEqual(data);
  });

  it('refuses what makes no group', () => {
    expect(() => undoBitshuffle(new Uint8Array(12), new Uint8Array(12), 1)).toThrow(RangeError);
  });
});
