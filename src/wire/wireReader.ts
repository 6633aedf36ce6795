import { makeFrame } from '../model/frame.ts';
import type { Frame, MutableFrame } from '../model/frame.ts';
import { sameLayout } from '../model/layout.ts';
import type { Layout, Noise } from '../model/layout.ts';
import type { SlowSample } from '../model/signal.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { WireLimits } from './limits.ts';
import { readLayout } from './readLayout.ts';
import { copyNumbers, isWireNumbers, wireLength } from './wireArray.ts';
import type { WireNumbers } from './wireArray.ts';
import { WireError } from './wireError.ts';
import {
  countField,
  durationField,
  isWireMap,
  numberField,
  numbersByName,
  textField,
  timeField,
  told,
} from './wireFields.ts';
import type { WireMap } from './wireFields.ts';

/** How to read what one wire carries. */
export interface WireReaderOptions {
  /** The name frames get; undefined leaves them theirs. */
  readonly stream?: string | undefined;
  /** Declared noise; wins over the wire's. */
  readonly noise?: Noise | undefined;
  readonly limits?: WireLimits | undefined;
}

/** Turns decoded items into frames and slow samples. */
export interface WireReader {
  /**
   * A frame, a slow sample, or null for a layout (which is kept for the frames that follow).
   * The frame is lent: the next one of the same stream and layout is written into it.
   * @param channel - Its last level names a slow signal that does not name itself.
   * @throws WireError with the reason it cannot be used.
   */
  read(item: unknown, channel: string): Frame | SlowSample | null;
}

interface Slot {
  readonly layout: Layout;
  readonly frame: MutableFrame;
  readonly variances: Float64Array;
  readonly mask: Uint8Array;
}

const MAX_LAYOUTS = 32;

/** A reader with its own lent frames: one per stream and layout. */
export function createWireReader(options: WireReaderOptions = {}): WireReader {
  const limits = options.limits ?? WIRE_LIMITS;
  const slots = new Map<string, Slot>();

  const keepLayout = (map: WireMap): void => {
    const key = slotKey(map);
    const layout = readLayout(map, options.noise, limits);
    const before = slots.get(key);
    if (before !== undefined && sameLayout(before.layout, layout)) return;
    slots.delete(key);
    const oldest = slots.keys().next();
    if (slots.size >= MAX_LAYOUTS && oldest.done === false) slots.delete(oldest.value);
    slots.set(key, createSlot(layout));
  };
  const slotOf = (map: WireMap): Slot => {
    const slot = slots.get(slotKey(map));
    if (slot === undefined) throw new WireError('layout', `layout ${told(map['layoutId'])} is not known yet`);
    return slot;
  };

  return {
    read(item, channel) {
      if (!isWireMap(item)) throw new WireError('garbage', `${told(item)}, expected a map`);
      switch (item['type'] ?? inferredType(item)) {
        case 'frame':
          return readFrame(item, slotOf(item), options.stream, limits);
        case 'slow':
          return readSlow(item, channel, limits);
        case 'layout':
          keepLayout(item);
          return null;
        default:
          throw new WireError('garbage', `type is ${told(item['type'])}, expected frame, layout or slow`);
      }
    },
  };
}

/** Streams on one wire may share a layout, but not the array their frames are lent in. */
const slotKey = (map: WireMap): string => `${textField(map, 'layoutId')}/${String(map['stream'])}`;

const inferredType = (map: WireMap): string | undefined =>
  'values' in map ? 'frame' : 'axes' in map ? 'layout' : 'value' in map ? 'slow' : undefined;

function createSlot(layout: Layout): Slot {
  const frame = makeFrame({
    stream: '',
    seq: 0,
    timeUs: 0,
    exposureUs: 0,
    layout,
    values: new Float64Array(layout.size),
  });
  return { layout, frame, variances: new Float64Array(layout.size), mask: new Uint8Array(layout.size) };
}

function readFrame(map: WireMap, slot: Slot, stream: string | undefined, limits: WireLimits): Frame {
  const { frame, layout } = slot;
  frame.stream = stream ?? textField(map, 'stream');
  frame.seq = countField(map, 'seq');
  frame.timeUs = timeField(map, 'timeUs', limits.maxTimeUs);
  frame.exposureUs = durationField(map, 'exposureUs');
  frame.unseenExposureUs = durationField(map, 'unseenExposureUs', 0);
  frame.axisShift = numberField(map, 'axisShift', 0);
  frame.flags = countField(map, 'flags', 0);
  frame.context = numbersByName(map, 'context', limits.maxContext) ?? nothing;
  frame.contextAgeUs = numbersByName(map, 'contextAgeUs', limits.maxContext) ?? nothing;
  copyNumbers(numbersField(map, 'values', layout.size), frame.values);
  frame.variances = map['variances'] === undefined ? undefined : slot.variances;
  if (frame.variances !== undefined) copyNumbers(numbersField(map, 'variances', layout.size), frame.variances);
  frame.mask = map['mask'] === undefined ? undefined : readMask(map, slot);
  return frame;
}

const nothing: Readonly<Record<string, number>> = Object.freeze({});

function numbersField(map: WireMap, key: string, size: number): WireNumbers {
  const numbers = map[key];
  if (!isWireNumbers(numbers)) throw new WireError('garbage', `${key} is ${told(numbers)}, expected numbers`);
  const length = wireLength(numbers);
  if (length !== size) throw new WireError('length', `${key} has ${length} channels, the layout ${size}`);
  return numbers;
}

/** Bytes are taken as they are; other numbers by way of nothing but whether they are zero. */
function readMask(map: WireMap, slot: Slot): Uint8Array {
  const numbers = numbersField(map, 'mask', slot.layout.size);
  if (Array.isArray(numbers)) for (let i = 0; i < numbers.length; i++) slot.mask[i] = numbers[i] ? 1 : 0;
  else if (numbers instanceof Uint8Array) slot.mask.set(numbers);
  else if ('bytes' in numbers && numbers.bytes.length === slot.layout.size) slot.mask.set(numbers.bytes);
  else throw new WireError('garbage', 'mask holds no bytes');
  return slot.mask;
}

function readSlow(map: WireMap, channel: string, limits: WireLimits): SlowSample {
  const name = map['name'] === undefined ? channel.slice(channel.lastIndexOf('/') + 1) : textField(map, 'name');
  if (name === '') throw new WireError('garbage', 'a slow signal without a name');
  const value = numberField(map, 'value');
  const timeUs = timeField(map, 'timeUs', limits.maxTimeUs);
  return { type: 'slow', name, timeUs, value, unit: map['unit'] === undefined ? '1' : textField(map, 'unit') };
}
