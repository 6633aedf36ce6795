import { encode, Token, Type } from 'cborg';
import { packBitshuffleLz4, packLz4 } from './packing.ts';

/** An image of a made-up detector. */
export interface TestImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array | Uint16Array | Uint32Array;
}
export type TestPacking = 'none' | 'lz4' | 'bslz4';

/** Block size of the packed images: small, so that images have several and a rest. */
const BLOCK_BYTES = 256;
const TICKS_PER_SECOND = 50_000_000;
export const SERIES_DATE = '2026-01-01T00:00:00.000250Z';
export const SERIES_START_US = Date.UTC(2026, 0, 1) * 1000 + 250;

class Tagged {
  readonly tag: number;
  readonly content: unknown;
  constructor(tag: number, content: unknown) {
    this.tag = tag;
    this.content = content;
  }
}

const toTokens = (value: unknown): Token[] => {
  if (value instanceof Tagged) return [new Token(Type.tag, value.tag), ...toTokens(value.content)];
  if (value instanceof Uint8Array) return [new Token(Type.bytes, value)];
  if (typeof value === 'string') return [new Token(Type.string, value)];
  if (typeof value === 'boolean') return [new Token(value ? Type.true : Type.false, value)];
  if (typeof value === 'number')
    return [Number.isInteger(value) && value >= 0 ? new Token(Type.uint, value) : new Token(Type.float, value)];
  if (Array.isArray(value)) return [new Token(Type.array, value.length), ...value.flatMap(toTokens)];
  const entries = Object.entries(value as object);
  return [
    new Token(Type.map, entries.length),
    ...entries.flatMap(([key, item]) => [new Token(Type.string, key), ...toTokens(item)]),
  ];
};

/** CBOR in the order given: a Dectris message begins with its type. */
const cbor = (value: unknown): Uint8Array =>
  Uint8Array.from(encode({ value }, { typeEncoders: { Object: () => toTokens(value) } }));

const bytesOf = ({ pixels }: TestImage): Uint8Array =>
  new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);

function packed(image: TestImage, packing: TestPacking): unknown {
  const width = image.pixels.BYTES_PER_ELEMENT;
  if (packing === 'none') return bytesOf(image);
  const bytes =
    packing === 'lz4' ? packLz4(bytesOf(image), BLOCK_BYTES) : packBitshuffleLz4(bytesOf(image), width, BLOCK_BYTES);
  return new Tagged(56500, [packing, packing === 'lz4' ? 0 : width, bytes]);
}

/** Row-major matrix of little-endian numbers (RFC 8746). */
export function matrix(image: TestImage, packing: TestPacking = 'none'): unknown {
  const tag = { 1: 64, 2: 69, 4: 70 }[image.pixels.BYTES_PER_ELEMENT]!;
  return new Tagged(40, [[image.height, image.width], new Tagged(tag, packed(image, packing))]);
}

/** Messages of the stream V2, with `more` in place of what they usually hold. */
export const startV2 = (more: Readonly<Record<string, unknown>> = {}): Uint8Array =>
  cbor({
    type: 'start',
    arm_date: new Tagged(0, SERIES_DATE),
    channels: ['threshold_1', 'threshold_2'],
    count_time: 0.01,
    pixel_mask_enabled: true,
    saturation_value: 60_000,
    series_id: 1,
    series_unique_id: 'series-1',
    ...more,
  });

export const imageV2 = (
  imageId: number,
  data: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Uint8Array =>
  cbor({
    type: 'image',
    data,
    image_id: imageId,
    real_time: [500_000, TICKS_PER_SECOND],
    series_date: new Tagged(0, SERIES_DATE),
    series_id: 1,
    series_unique_id: 'series-1',
    start_time: [imageId * 500_000, TICKS_PER_SECOND],
    stop_time: [(imageId + 1) * 500_000, TICKS_PER_SECOND],
    ...more,
  });

export const endV2 = (): Uint8Array => cbor({ type: 'end', series_id: 1, series_unique_id: 'series-1' });

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const typeOf = ({ pixels }: TestImage): string => `uint${8 * pixels.BYTES_PER_ELEMENT}`;

/** The parts of messages of the stream V1. */
export const startV1 = (series: number, config: object, mask?: TestImage): Uint8Array[] => [
  json({ htype: 'dheader-1.0', series, header_detail: mask === undefined ? 'basic' : 'all' }),
  json(config),
  ...(mask === undefined
    ? []
    : [
        json({ htype: 'dflatfield-1.0', shape: [mask.width, mask.height], type: 'float32' }),
        new Uint8Array(mask.width * mask.height * 4),
        json({ htype: 'dpixelmask-1.0', shape: [mask.width, mask.height], type: typeOf(mask) }),
        bytesOf(mask),
        json({ htype: 'dcountrate_table-1.0', shape: [2, 1000], type: 'float32' }),
        new Uint8Array(8000),
      ]),
];

export const imageV1 = (
  series: number,
  frame: number,
  image: TestImage,
  encoding: string,
  pack: (bytes: Uint8Array) => Uint8Array,
): Uint8Array[] => [
  json({ htype: 'dimage-1.0', series, frame, hash: 'fc67f000d08fe6b380ea9434b8362d22' }),
  json({ htype: 'dimage_d-1.0', shape: [image.width, image.height], type: typeOf(image), encoding, size: 1 }),
  pack(bytesOf(image)),
  json({ htype: 'dconfig-1.0', start_time: frame * 1e7, stop_time: (frame + 1) * 1e7, real_time: 1e7 }),
];

export const endV1 = (series: number): Uint8Array[] => [json({ htype: 'dseries_end-1.0', series })];
