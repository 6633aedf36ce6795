import { decodeJsonItem } from '../../../src/wire/jsonItem.ts';
import type { WireLimits } from '../../../src/wire/limits.ts';
import { WireError } from '../../../src/wire/wireError.ts';
import { countField, durationField, isWireMap, numberField, told } from '../../../src/wire/wireFields.ts';
import type { WireMap } from '../../../src/wire/wireFields.ts';
import { ELEMENTS, tagOf, widthOf } from '../raw/elements.ts';
import type { Element } from '../raw/elements.ts';
import { ONLY_CHANNEL } from './message.ts';
import type { DectrisMessage, ImageMessage, PackedArray, StartMessage } from './message.ts';

/** '[bs<bits>][[-]lz4]<' or '>': SIMPLON API, stream interface. */
const ENCODING = /^(?:bs(8|16|32|64)-?)?(lz4)?([<>])$/;

/**
 * A message of the Dectris stream V1: JSON and binary parts in turn (SIMPLON API, `dheader-1.0`, `dimage-1.0`,
 * `dseries_end-1.0`).
 * @param parts - All parts, the first included.
 * @throws WireError with the reason it cannot be used.
 */
export function readStreamV1(parts: readonly Uint8Array[], limits: WireLimits): DectrisMessage {
  const head = jsonOf(parts, 0, limits);
  switch (head['htype']) {
    case 'dheader-1.0':
      return startOf(head, parts, limits);
    case 'dimage-1.0':
      return imageOf(head, parts, limits);
    case 'dseries_end-1.0':
      return { kind: 'end' };
    default:
      throw new WireError(
        'garbage',
        `htype is ${told(head['htype'])}, expected dheader-1.0, dimage-1.0 or dseries_end-1.0`,
      );
  }
}

function jsonOf(parts: readonly Uint8Array[], at: number, limits: WireLimits): WireMap {
  const part = parts[at];
  if (part === undefined)
    throw new WireError('truncated', `${parts.length} parts, expected more: does the transport keep parts together?`);
  const map = decodeJsonItem(part, limits);
  if (!isWireMap(map)) throw new WireError('garbage', `part ${at + 1} is ${told(map)}, expected an object`);
  return map;
}

function startOf(head: WireMap, parts: readonly Uint8Array[], limits: WireLimits): StartMessage {
  const masks = new Map<string, PackedArray>();
  const config = head['header_detail'] === 'none' || parts.length < 2 ? {} : jsonOf(parts, 1, limits);
  // Tables follow, a header and the numbers each; what the user adds at the end is no table.
  for (let at = 2; at + 1 < parts.length; at += 2) {
    const table = jsonOf(parts, at, limits);
    if (table['htype'] === 'dpixelmask-1.0') masks.set(ONLY_CHANNEL, arrayOf(table, '<', parts[at + 1]!));
  }
  const cutoff = 'countrate_correction_count_cutoff';
  return {
    kind: 'start',
    series: String(countField(head, 'series')),
    channels: [],
    masks: config['pixel_mask_applied'] === false ? new Map<string, PackedArray>() : masks,
    saturation: typeof config[cutoff] === 'number' ? numberField(config, cutoff) : null,
  };
}

function imageOf(head: WireMap, parts: readonly Uint8Array[], limits: WireLimits): ImageMessage {
  const form = jsonOf(parts, 1, limits);
  const times = jsonOf(parts, 3, limits);
  const image = arrayOf(form, form['encoding'], parts[2]!);
  return {
    kind: 'image',
    series: String(countField(head, 'series')),
    imageId: countField(head, 'frame'),
    images: new Map([[ONLY_CHANNEL, image]]),
    seriesStartUs: null,
    startUs: durationField(times, 'start_time') / 1e3,
    exposureUs: Math.round(durationField(times, 'real_time') / 1e3),
  };
}

function arrayOf(form: WireMap, encoding: unknown, bytes: Uint8Array): PackedArray {
  const shape = form['shape'];
  if (!Array.isArray(shape) || (shape.length !== 2 && !(shape.length === 3 && shape[2] === 1)))
    throw new WireError('garbage', `shape is ${told(shape)}, expected width and height`);
  const type = ELEMENTS.find((element) => element === form['type']);
  if (type === undefined) throw new WireError('garbage', `type is ${told(form['type'])}, expected one as uint32`);
  const match = typeof encoding === 'string' ? ENCODING.exec(encoding) : null;
  if (match === null) throw new WireError('garbage', `encoding is ${told(encoding)}, expected one as 'bs32-lz4<'`);
  return {
    width: countField({ width: shape[0] as unknown }, 'width'),
    height: countField({ height: shape[1] as unknown }, 'height'),
    ...packingOf(match, type),
    bytes,
  };
}

function packingOf([text, bits, lz4, order]: RegExpExecArray, type: Element) {
  const tag = tagOf(type, order === '>' ? 'big' : 'little');
  if (bits === undefined) return { tag, packing: lz4 === undefined ? 'none' : 'lz4Block', shuffledWidth: 0 } as const;
  if (lz4 === undefined || Number(bits) !== 8 * widthOf(type))
    throw new WireError('garbage', `encoding '${text}' does not fit ${type}`);
  return { tag, packing: 'bslz4', shuffledWidth: Number(bits) / 8 } as const;
}
