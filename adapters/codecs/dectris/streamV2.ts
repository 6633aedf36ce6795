import { decodeCborItem } from '../../../src/wire/cborItem.ts';
import type { CborTags } from '../../../src/wire/cborItem.ts';
import type { WireLimits } from '../../../src/wire/limits.ts';
import { WireError } from '../../../src/wire/wireError.ts';
import { countField, isWireMap, numberField, textField, told } from '../../../src/wire/wireFields.ts';
import type { WireMap } from '../../../src/wire/wireFields.ts';
import { parseStamp } from '../../ascii/time.ts';
import type { ByChannel, DectrisMessage, ImageMessage, PackedArray, Packing } from './message.ts';

const DATE = 0;
const ROW_MAJOR = 40;
const FIRST_TYPED = 64;
const LAST_TYPED = 87;
const RESERVED = 76;
const COMPRESSED = 56500;
const MOST_CHANNELS = 16;

/** What only a tag can make, so that no map can pretend to be it. */
class Packed {
  readonly packing: Packing;
  readonly shuffledWidth: number;
  readonly bytes: Uint8Array;
  constructor(packing: Packing, shuffledWidth: number, bytes: Uint8Array) {
    this.packing = packing;
    this.shuffledWidth = shuffledWidth;
    this.bytes = bytes;
  }
}
class Typed {
  readonly tag: number;
  readonly packed: Packed;
  constructor(tag: number, packed: Packed) {
    this.tag = tag;
    this.packed = packed;
  }
}
class Matrix {
  readonly array: PackedArray;
  constructor(array: PackedArray) {
    this.array = array;
  }
}

const tags: Record<number, CborTags[number]> = {
  [DATE]: (content) => content(),
  [ROW_MAJOR]: (content) => toMatrix(content()),
  [COMPRESSED]: (content) => toPacked(content()),
};
for (let tag = FIRST_TYPED; tag <= LAST_TYPED; tag++)
  if (tag !== RESERVED) tags[tag] = (content) => toTyped(tag, content());

/**
 * A message of the Dectris stream V2: one CBOR map (github.com/dectris/documentation, stream_v2).
 * @throws WireError with the reason it cannot be used.
 */
export function readStreamV2(bytes: Uint8Array, limits: WireLimits): DectrisMessage {
  const map = decodeCborItem(bytes, limits, tags);
  if (!isWireMap(map)) throw new WireError('garbage', `${told(map)}, expected a map`);
  switch (map['type']) {
    case 'start':
      return {
        kind: 'start',
        series: textField(map, 'series_unique_id'),
        channels: channelsOf(map['channels']),
        masks: map['pixel_mask_enabled'] === false ? new Map() : arraysOf(map, 'pixel_mask'),
        saturation: map['saturation_value'] === undefined ? null : numberField(map, 'saturation_value'),
      };
    case 'image':
      return imageOf(map);
    case 'end':
      return { kind: 'end' };
    default:
      throw new WireError('garbage', `type is ${told(map['type'])}, expected start, image or end`);
  }
}

function imageOf(map: WireMap): ImageMessage {
  const images = arraysOf(map, 'data');
  if (images.size === 0) throw new WireError('garbage', `data is ${told(map['data'])}, expected images by channel`);
  return {
    kind: 'image',
    series: textField(map, 'series_unique_id'),
    imageId: countField(map, 'image_id'),
    images,
    seriesStartUs: typeof map['series_date'] === 'string' ? dateOf(map['series_date']) : null,
    startUs: rationalUs(map, 'start_time'),
    exposureUs: rationalUs(map, 'real_time'),
  };
}

function dateOf(text: string): number {
  const timeUs = parseStamp(text.slice(0, 64), 'ymd', 0);
  if (timeUs === null)
    throw new WireError('clock', `series_date is '${text.slice(0, 40)}', expected a date with a time`);
  return timeUs;
}

/** Seconds as a fraction of two whole numbers. */
function rationalUs(map: WireMap, key: string): number {
  const pair = map[key];
  if (!Array.isArray(pair) || pair.length !== 2)
    throw new WireError('garbage', `${key} is ${told(pair)}, expected two whole numbers`);
  const us = Math.round(
    (numberField({ top: pair[0] as unknown }, 'top') / numberField({ bottom: pair[1] as unknown }, 'bottom')) * 1e6,
  );
  if (!(us >= 0 && us < Infinity)) throw new WireError('garbage', `${key} is ${us} us, expected a time from 0`);
  return us;
}

function channelsOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string'))
    throw new WireError('garbage', `channels is ${told(value)}, expected a list of names`);
  return value as string[];
}

function arraysOf(map: WireMap, key: string): ByChannel {
  const value = map[key];
  const found = new Map<string, PackedArray>();
  if (value === undefined) return found;
  if (!isWireMap(value)) throw new WireError('garbage', `${key} is ${told(value)}, expected arrays by channel`);
  for (const [name, matrix] of Object.entries(value)) {
    if (!(matrix instanceof Matrix))
      throw new WireError(
        'garbage',
        `${key}.${name.slice(0, 40)} is ${told(matrix)}, expected a matrix (tag ${ROW_MAJOR})`,
      );
    found.set(name, matrix.array);
    if (found.size > MOST_CHANNELS) throw new WireError('garbage', `${key} has more than ${MOST_CHANNELS} channels`);
  }
  return found;
}

function toPacked(content: unknown): Packed {
  if (!Array.isArray(content) || content.length !== 3 || !(content[2] instanceof Uint8Array))
    throw new WireError(
      'garbage',
      `tag ${COMPRESSED} holds ${told(content)}, expected algorithm, element size and bytes`,
    );
  const [algorithm, width, bytes] = content as [unknown, unknown, Uint8Array];
  if (algorithm === 'lz4') return new Packed('lz4', 0, bytes);
  if (algorithm !== 'bslz4') throw new WireError('garbage', `algorithm is ${told(algorithm)}, expected lz4 or bslz4`);
  if (width !== 1 && width !== 2 && width !== 4 && width !== 8)
    throw new WireError('garbage', `elements of ${told(width)} bytes, expected 1, 2, 4 or 8`);
  return new Packed('bslz4', width, bytes);
}

function toTyped(tag: number, content: unknown): Typed {
  if (content instanceof Packed) return new Typed(tag, content);
  if (content instanceof Uint8Array) return new Typed(tag, new Packed('none', 0, content));
  throw new WireError('garbage', `tag ${tag} holds ${told(content)}, expected bytes`);
}

function toMatrix(content: unknown): Matrix {
  const [shape, typed] = (Array.isArray(content) ? content : []) as unknown[];
  if (!Array.isArray(shape) || shape.length !== 2 || !(typed instanceof Typed))
    throw new WireError('garbage', `tag ${ROW_MAJOR} holds no matrix, expected its height and width, and numbers`);
  const height = countField({ height: shape[0] as unknown }, 'height');
  const width = countField({ width: shape[1] as unknown }, 'width');
  return new Matrix({ width, height, tag: typed.tag, ...typed.packed });
}
