import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import dectris from '../../../adapters/codecs/dectris.ts';
import { looksLikeDectris } from '../../../adapters/codecs/dectris/looksLike.ts';
import type { AdapterSetting } from '../../../src/model/adapter.ts';
import { FrameFlag } from '../../../src/model/frame.ts';
import {
  endV1,
  endV2,
  imageV1,
  imageV2,
  matrix,
  SERIES_START_US,
  startV1,
  startV2,
  type TestImage,
  type TestPacking,
} from '../../support/dectris.ts';
import { START_US } from '../../support/frames.ts';
import { lz4Block, packBitshuffleLz4 } from '../../support/packing.ts';
import { createCollector, settingOf } from '../collect.ts';

const WIDTH = 37;
const HEIGHT = 11;

/** Pixel (x, y) counts x + 100 y, by a type that holds it. */
function ramp(type: Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor): TestImage {
  const pixels = new type(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) pixels[y * WIDTH + x] = type === Uint8Array ? (x + y) % 200 : x + 100 * y;
  return { width: WIDTH, height: HEIGHT, pixels };
}
const valueAt = (image: TestImage, x: number, y: number): number => image.pixels[y * WIDTH + x]!;
const columnSums = (image: TestImage, y0 = 0, y1 = HEIGHT): number[] =>
  Array.from({ length: WIDTH }, (_, x) => {
    let sum = 0;
    for (let y = y0; y < y1; y++) sum += valueAt(image, x, y);
    return sum;
  });
const changed = (image: TestImage, x: number, y: number, value: number): TestImage => {
  const pixels = image.pixels.slice();
  pixels[y * WIDTH + x] = value;
  return { ...image, pixels };
};
/** A mask of the detector with these pixels bad. */
const maskOf = (...bad: (readonly [number, number])[]): TestImage => {
  const pixels = new Uint32Array(WIDTH * HEIGHT);
  for (const [x, y] of bad) pixels[y * WIDTH + x] = 1;
  return { width: WIDTH, height: HEIGHT, pixels };
};

function open(settings: object = {}, more: Partial<AdapterSetting> = {}) {
  const codec = dectris.create(dectris.config.parse(settings), settingOf('/', more));
  const { outlet, collected } = createCollector();
  const decode = (message: Uint8Array | Uint8Array[], receivedUs = START_US): void => {
    const [bytes = new Uint8Array(0), ...parts] = Array.isArray(message) ? message : [message];
    codec.decode({ channel: '', bytes, parts, receivedUs }, outlet);
  };
  return { decode, ...collected };
}
const one = (image: TestImage, packing: TestPacking = 'none') => ({ threshold_1: matrix(image, packing) });

describe('the Dectris stream V2', () => {
  it.each(
    [Uint8Array, Uint16Array, Uint32Array].flatMap((type) =>
      (['none', 'lz4', 'bslz4'] as const).map((packing) => [type.name, packing, type] as const),
    ),
  )('sums the columns of %s images, packing %s', (_, packing, type) => {
    const { decode, frames, rejections } = open();
    const image = ramp(type);
    for (const message of [startV2(), imageV2(0, one(image, packing)), imageV2(1, one(image, packing)), endV2()])
      decode(message);
    expect(rejections).toEqual([]);
    expect(
      frames.map(({ seq, timeUs, exposureUs, flags, mask }) => ({ seq, timeUs, exposureUs, flags, mask })),
    ).toEqual([
      { seq: 0, timeUs: SERIES_START_US, exposureUs: 10_000, flags: 0, mask: undefined },
      { seq: 1, timeUs: SERIES_START_US + 10_000, exposureUs: 10_000, flags: 0, mask: undefined },
    ]);
    expect([...frames[1]!.values]).toEqual(columnSums(image));
  });

  it('takes a region, along either axis or as it is, on the declared axis', () => {
    const image = ramp(Uint16Array);
    const axis = { name: 'energy', unit: 'eV', offset: 500, step: 0.5 };
    const region = { x: [10, 14], y: [2, 5] };
    const along = (project: string, step: number) => {
      const { decode, frames } = open({ project, region, axis: { ...axis, step } });
      decode(imageV2(0, one(image)));
      return {
        axes: frames[0]!.layout.axes.map(({ name, coordinates }) => [name, ...coordinates]),
        values: [...frames[0]!.values],
      };
    };
    expect(along('x', 0.5)).toEqual({ axes: [['energy', 505, 505.5, 506, 506.5]], values: [930, 933, 936, 939] });
    expect(along('y', 0.5)).toEqual({ axes: [['energy', 501, 501.5, 502]], values: [846, 1246, 1646] });
    expect(along('x', -0.5)).toEqual({ axes: [['energy', 493.5, 494, 494.5, 495]], values: [939, 936, 933, 930] });
    expect(along('none', -0.5)).toEqual({
      axes: [
        ['y', 2, 3, 4],
        ['energy', 493.5, 494, 494.5, 495],
      ],
      values: [213, 212, 211, 210, 313, 312, 311, 310, 413, 412, 411, 410],
    });
  });

  it('takes the threshold that is asked for, else the first that the detector names', () => {
    const low = ramp(Uint16Array);
    const high = changed(low, 3, 3, 1000);
    const data = { threshold_2: matrix(high), threshold_1: matrix(low) };
    for (const [settings, expected] of [
      [{}, low],
      [{ channel: 'threshold_2' }, high],
    ] as const) {
      const { decode, frames } = open(settings);
      decode(startV2());
      decode(imageV2(0, data));
      expect([...frames[0]!.values]).toEqual(columnSums(expected));
    }
    const { decode, rejections } = open({ channel: 'threshold_3' });
    decode(imageV2(0, data));
    expect(rejections).toMatchObject([{ reason: 'layout', detail: expect.stringContaining('threshold_2') as string }]);
  });

  it('leaves out the pixels of the mask, and masks channels of which none is left', () => {
    const image = changed(ramp(Uint16Array), 4, 4, 65_535);
    const column = Array.from({ length: HEIGHT }, (_, y) => [7, y] as const);
    const { decode, frames } = open();
    decode(startV2({ pixel_mask: one(maskOf([4, 4], ...column), 'bslz4') }));
    decode(imageV2(0, one(image, 'bslz4')));
    const expected = columnSums(changed(image, 4, 4, 0));
    expected[7] = 0;
    expect([...frames[0]!.values]).toEqual(expected);
    expect([...frames[0]!.mask!].flatMap((masked, i) => (masked === 1 ? [i] : []))).toEqual([7]);
    expect(frames[0]!.flags).toBe(0);
  });

  it('masks the channel of a pixel that runs over later, and marks frames with saturated pixels', () => {
    const image = changed(ramp(Uint16Array), 4, 4, 65_535);
    const { decode, frames } = open();
    decode(startV2());
    decode(imageV2(0, one(image)));
    decode(imageV2(1, one(changed(image, 9, 2, 65_535))));
    decode(imageV2(2, one(changed(image, 9, 2, 60_000))));
    expect(frames.map(({ flags, mask }) => [flags, mask?.indexOf(1)])).toEqual([
      [0, undefined],
      [FrameFlag.saturated, 9],
      [FrameFlag.saturated, undefined],
    ]);
  });

  it('goes on counting from series to series, and after a restart', () => {
    const image = one(ramp(Uint8Array));
    const seqs = (resume: number | null) => {
      const { decode, frames } = open({}, { resumeAfter: resume === null ? null : { seq: resume, timeUs: 1 } });
      for (const [series, id] of [
        ['a', 5],
        ['a', 6],
        ['b', 0],
        ['c', 0],
      ] as const)
        decode(imageV2(id, image, { series_unique_id: series }));
      return frames.map(({ seq }) => seq);
    };
    expect(seqs(null)).toEqual([5, 6, 7, 8]);
    expect(seqs(3)).toEqual([5, 6, 7, 8]);
    expect(seqs(100)).toEqual([106, 107, 108, 109]);
  });

  it('takes images whose size changes from series to series', () => {
    const { decode, frames, rejections } = open();
    decode(startV2({ pixel_mask: one(maskOf([1, 1])) }));
    decode(imageV2(0, one(ramp(Uint8Array))));
    const small = { width: 3, height: 2, pixels: Uint16Array.of(1, 2, 3, 4, 5, 6) };
    decode(imageV2(0, one(small), { series_unique_id: 'b' }));
    expect([...frames[1]!.values]).toEqual([5, 7, 9]);
    decode(imageV2(1, one(small)));
    expect(rejections).toMatchObject([{ reason: 'layout', detail: expect.stringContaining('mask') as string }]);
  });
});

describe('the Dectris stream V1', () => {
  const image = ramp(Uint32Array);
  const short = ramp(Uint16Array);
  const asIs = (bytes: Uint8Array): Uint8Array => bytes;
  const swapped = (bytes: Uint8Array): Uint8Array => bytes.map((_, i) => bytes[i ^ 3]!);

  it.each([
    ['<', image, asIs],
    ['>', image, swapped],
    ['lz4<', image, lz4Block],
    ['bs32-lz4<', image, (bytes: Uint8Array) => packBitshuffleLz4(bytes, 4, 256)],
    ['bs16-lz4<', short, (bytes: Uint8Array) => packBitshuffleLz4(bytes, 2, 256)],
  ] as const)('sums the columns of images encoded as %s', (encoding, given, pack) => {
    const { decode, frames, rejections } = open();
    decode(startV1(7, { countrate_correction_count_cutoff: 900 }));
    for (const id of [0, 1, 2]) decode(imageV1(7, id, given, encoding, pack), START_US + 10_000 * (id + 1) + 400 * id);
    decode(endV1(7));
    expect(rejections).toEqual([]);
    expect(frames.map(({ seq, timeUs, exposureUs }) => [seq, timeUs - START_US, exposureUs])).toEqual([
      [0, 0, 10_000],
      [1, 10_000, 10_000],
      [2, 20_000, 10_000],
    ]);
    expect([...frames[2]!.values]).toEqual(columnSums(given));
    expect(frames[2]!.flags).toBe(FrameFlag.saturated);
  });

  it('leaves out the pixels of the mask', () => {
    const { decode, frames } = open();
    decode(startV1(7, {}, maskOf([5, 5])));
    decode(imageV1(7, 0, image, '<', asIs));
    expect([...frames[0]!.values]).toEqual(columnSums(changed(image, 5, 5, 0)));
  });

  it('says what is wrong when its parts come one by one', () => {
    const { decode, rejections } = open();
    for (const part of imageV1(7, 0, image, '<', asIs)) decode(part);
    expect(rejections).toHaveLength(4);
    expect(rejections[0]).toMatchObject({ reason: 'truncated', detail: expect.stringContaining('together') as string });
  });
});

describe('hostile Dectris messages', () => {
  const image = ramp(Uint16Array);
  const good = imageV2(0, one(image, 'bslz4'));

  it('are refused when cut, at every byte, and the next is as good as any', () => {
    const { decode, frames, rejections } = open();
    for (let cut = 0; cut < good.length; cut++) decode(good.slice(0, cut));
    expect(rejections).toHaveLength(good.length);
    decode(good);
    expect(frames).toHaveLength(1);
  });

  it('never throw, in either version', () => {
    const { decode, rejections } = open();
    const parts = imageV1(7, 0, image, 'bs16-lz4<', (bytes) => packBitshuffleLz4(bytes, 2, 256));
    const spoil = (bytes: Uint8Array) =>
      fc
        .array(fc.record({ at: fc.nat({ max: bytes.length - 1 }), byte: fc.nat({ max: 255 }) }), { maxLength: 6 })
        .map((changes) => changes.reduce((spoiled, { at, byte }) => spoiled.with(at, byte), bytes));
    const spoiledParts = fc.tuple(...parts.map(spoil)).chain((all) => fc.subarray(all));
    fc.assert(
      fc.property(fc.oneof(spoil(good), spoil(startV2()), spoiledParts, fc.uint8Array({ maxLength: 99 })), (message) =>
        decode(message),
      ),
      { numRuns: 4000, seed: 3 },
    );
    expect(rejections.length).toBeGreaterThan(1500);
  });

  it.each([
    ['an image of 2^40 pixels', { data: { a: matrix({ ...image, width: 2 ** 20, height: 2 ** 20 }) } }, 'tooLarge'],
    ['more pixels than bytes', { data: { a: matrix({ ...image, height: 900 }) } }, 'length'],
    [
      'packed bytes that cannot hold the image',
      { data: { a: matrix({ ...image, width: 5000, height: 5000 }, 'bslz4') } },
      'garbage',
    ],
    ['packed bytes of another image', { data: { a: matrix({ ...image, height: HEIGHT + 1 }, 'bslz4') } }, 'length'],
    ['an image without pixels', { data: { a: matrix({ ...image, width: 0 }) } }, 'tooLarge'],
    ['no images', { data: {} }, 'garbage'],
    [
      'a map that pretends to be an image',
      { data: { a: { width: 2, height: 2, tag: 64, packing: 'none' } } },
      'garbage',
    ],
    ['a time of no ticks', { start_time: [1, 0] }, 'garbage'],
    ['a time that is no number', { start_time: [0, 0] }, 'garbage'],
    ['an exposure of NaN', { real_time: [NaN, 1] }, 'garbage'],
    ['a start in the year 5000', { start_time: [1e11, 1] }, 'clock'],
    ['a date in words', { series_date: 'yesterday' }, 'clock'],
    ['an image number beyond all', { image_id: 2 ** 50 }, 'garbage'],
    ['no series', { series_unique_id: '' }, 'garbage'],
    ['nests', { user_data: JSON.parse('['.repeat(2000) + ']'.repeat(2000)) as unknown }, 'garbage'],
  ])('are refused: %s', (_, more, reason) => {
    const { decode, frames, rejections } = open();
    decode(imageV2(0, one(image), more));
    expect(rejections.map((rejection) => rejection.reason)).toEqual([reason]);
    decode(good);
    expect(frames).toHaveLength(1);
  });

  it('are refused: a region the image does not have, and too many bytes', () => {
    const outside = open({ region: { x: [0, 100] } });
    outside.decode(good);
    expect(outside.rejections).toMatchObject([{ reason: 'layout' }]);
    const small = open({ maxBytes: 100 });
    small.decode(good);
    small.decode([new Uint8Array(50), new Uint8Array(51)]);
    expect(small.rejections.map(({ reason }) => reason)).toEqual(['tooLarge', 'tooLarge']);
  });
});

describe('looksLikeDectris', () => {
  it('knows both versions by their first bytes, and nothing else', () => {
    const image = one(ramp(Uint8Array));
    for (const bytes of [startV2(), imageV2(0, image), endV2(), startV1(1, {})[0]!, endV1(1)[0]!])
      expect(looksLikeDectris(bytes)).toBe(true);
    const text = (content: string): Uint8Array => new TextEncoder().encode(content);
    for (const bytes of [
      text(''),
      text('{"type":"frame"}'),
      text('d'),
      Uint8Array.of(0xa1, 0x64),
      text('{"htype":"x"}'),
    ])
      expect(looksLikeDectris(bytes)).toBe(false);
  });
});
