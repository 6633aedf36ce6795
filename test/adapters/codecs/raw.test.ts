import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import raw from '../../../adapters/codecs/raw.ts';
import { ELEMENTS, tagOf, widthOf } from '../../../adapters/codecs/raw/elements.ts';
import type { AdapterSetting } from '../../../src/model/adapter.ts';
import { copyNumbers, WireArray } from '../../../src/wire/wireArray.ts';
import { START_US } from '../../support/frames.ts';
import { createCollector, settingOf } from '../collect.ts';

const folder = mkdtempSync(join(tmpdir(), 'operando-raw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(settings: object, more: Partial<AdapterSetting> = {}) {
  const codec = raw.create(raw.config.parse(settings), settingOf(folder, more));
  const { outlet, collected } = createCollector();
  return {
    decode: (bytes: Uint8Array, receivedUs = START_US) => codec.decode({ channel: '', bytes, receivedUs }, outlet),
    ...collected,
  };
}

/** A record with a header of 16 bytes: number (uint16), exposure in ms (float32), time in ns (uint64); then values. */
function record(seq: number, seconds: number, values: readonly number[], little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(16 + 2 * values.length));
  view.setUint16(0, seq, little);
  view.setFloat32(4, 12.5, little);
  view.setBigUint64(8, BigInt(START_US + seconds * 1e6) * 1000n, little);
  values.forEach((value, i) => view.setInt16(16 + 2 * i, value, little));
  return new Uint8Array(view.buffer);
}
const described = (endianness: 'little' | 'big') => ({
  element: 'int16',
  endianness,
  channels: 3,
  headerBytes: 16,
  seq: { at: 0, type: 'uint16' },
  exposure: { at: 4, type: 'float32', unit: 'ms' },
  time: { at: 8, type: 'uint64', unit: 'ns' },
});

describe('raw binary spectra', () => {
  it.each(['little', 'big'] as const)(
    'are read with number, time and exposure, several to a message (%s-endian)',
    (order) => {
      const { decode, frames, rejections } = open(described(order));
      const little = order === 'little';
      decode(Buffer.concat([record(65_535, 1, [1, -2, 3], little), record(0, 2, [4, 5, 6], little)]));
      expect(rejections).toEqual([]);
      expect(frames.map(({ seq, timeUs, exposureUs, values }) => [seq, timeUs, exposureUs, ...values])).toEqual([
        [65_535, START_US + 1e6, 12_500, 1, -2, 3],
        [65_536, START_US + 2e6, 12_500, 4, 5, 6],
      ]);
    },
  );

  it('without a header are counted, and end when they arrive', () => {
    const { decode, frames } = open(
      { element: 'uint8', channels: 2 },
      { framePeriodUs: 1000, resumeAfter: { seq: 41, timeUs: 0 } },
    );
    decode(Uint8Array.of(1, 2, 3, 4));
    expect(frames.map(({ seq, timeUs, exposureUs }) => [seq, timeUs, exposureUs])).toEqual([
      [42, START_US - 2000, 1000],
      [43, START_US - 1000, 1000],
    ]);
  });

  it.each(ELEMENTS)('of %s are read in both byte orders, aligned or not', (element) => {
    for (const endianness of ['little', 'big'] as const) {
      const width = widthOf(element);
      const bytes = new Uint8Array(width * 2);
      // 1 and 2 as whole numbers; for floats, the bits of 1 and 2.
      const bits = element.startsWith('float')
        ? width === 4
          ? [0x3f800000n, 0x40000000n]
          : [0x3ff0000000000000n, 2n ** 62n]
        : [1n, 2n];
      bits.forEach((number, k) => {
        for (let i = 0; i < width; i++)
          bytes[k * width + (endianness === 'little' ? i : width - 1 - i)] = Number((number >> BigInt(8 * i)) & 255n);
      });
      const { decode, frames } = open({ element, endianness, channels: 2, exposureMs: 1 });
      decode(bytes);
      decode(Uint8Array.of(0, ...bytes).subarray(1));
      expect(frames.map(({ values }) => [...values])).toEqual([
        [1, 2],
        [1, 2],
      ]);
      const plain = new Float64Array(2);
      copyNumbers(new WireArray(tagOf(element, endianness), bytes), plain);
      expect([...plain]).toEqual([1, 2]);
    }
  });

  it('lie on an axis of offset and step, or of a file, ascending either way', () => {
    writeFileSync(join(folder, 'axis.txt'), '# energy, eV\n700.5\n699\n\n690\n');
    const along = (axis: object) => {
      const { decode, frames } = open({ element: 'uint8', channels: 3, exposureMs: 1, axis });
      decode(Uint8Array.of(1, 2, 3));
      return [...frames[0]!.layout.axes[0]!.coordinates, ...frames[0]!.values];
    };
    expect(along({ offset: 10, step: 2 })).toEqual([10, 12, 14, 1, 2, 3]);
    expect(along({ file: 'axis.txt' })).toEqual([690, 699, 700.5, 3, 2, 1]);
  });

  it('name the file and the line of an axis that is wrong', () => {
    const make = (text: string) => () => {
      writeFileSync(join(folder, 'wrong.txt'), text);
      open({ element: 'uint8', channels: 2, exposureMs: 1, axis: { file: 'wrong.txt' } });
    };
    expect(make('1\ntwo\n')).toThrow("'two' in line 2");
    expect(make('1\n2\n1\n')).toThrow('turns back at channel 2');
    expect(make('# nothing')).toThrow('no number');
    expect(() => open({ element: 'uint8', channels: 2, exposureMs: 1, axis: { file: 'absent.txt' } })).toThrow(
      'cannot be read',
    );
  });

  it('need a live time, and a header that holds what is said of it', () => {
    expect(() => open({ element: 'uint8', channels: 2 })).toThrow('exposureMs');
    const place = { at: 3, type: 'uint16' };
    expect(raw.config.safeParse({ element: 'uint8', channels: 2, headerBytes: 4, seq: place }).success).toBe(false);
    expect(raw.config.safeParse({ element: 'uint8', channels: 2, headerBytes: 5, seq: place }).success).toBe(true);
  });

  it('are refused when cut, at every byte, and when the header is absurd; the others of the message are taken', () => {
    const good = record(1, 1, [1, 2, 3], true);
    const { decode, frames, rejections } = open(described('little'));
    for (let cut = 0; cut < good.length; cut++) decode(good.subarray(0, cut));
    decode(Uint8Array.of(...good, 0));
    expect(rejections.map(({ reason }) => reason)).toEqual([
      ...new Array<string>(good.length).fill('truncated'),
      'length',
    ]);
    const late = record(2, 4e9, [1, 2, 3], true);
    const endless = record(3, 1, [1, 2, 3], true);
    new DataView(endless.buffer).setFloat32(4, NaN, true);
    decode(Buffer.concat([late, endless, good]));
    expect(rejections.slice(-2).map(({ reason }) => reason)).toEqual(['clock', 'garbage']);
    expect(frames.map(({ seq }) => seq)).toEqual([1]);
  });

  it('never throw, whatever the bytes', () => {
    const { decode } = open({ ...described('big'), seq: { at: 0, type: 'float64' } });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (bytes) => decode(bytes)),
      { numRuns: 2000, seed: 1 },
    );
  });
});
