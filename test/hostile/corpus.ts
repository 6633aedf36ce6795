import type { DropReason } from '../../src/model/status.ts';
import { encodeCborItem } from '../../src/wire/cborItem.ts';
import { encodeJsonItem } from '../../src/wire/jsonItem.ts';
import { layoutIdOf } from '../../src/wire/layoutId.ts';
import { layoutForm } from '../../src/wire/wireForm.ts';
import { channelLayout, START_US } from '../support/frames.ts';

/** Packets no instrument should send, in both forms where the form can say it. */
export interface HostileCase {
  readonly name: string;
  readonly reason: DropReason;
  readonly cbor?: Uint8Array;
  readonly json?: Uint8Array;
}

export const CHANNELS = 16;
export const layout = channelLayout(CHANNELS);
const layoutId = layoutIdOf(layout);

/** The layout every frame below speaks of, and a frame with nothing wrong. */
export const goodLayout = layoutForm(layout, 's');
export const goodFrame = {
  type: 'frame',
  stream: 's',
  seq: 1,
  timeUs: START_US,
  exposureUs: 1000,
  layoutId,
  values: new Float64Array(CHANNELS).fill(2),
};

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** The same map in both forms. */
const map = (name: string, reason: DropReason, item: unknown): HostileCase => ({
  name,
  reason,
  cbor: encodeCborItem(item),
  json: encodeJsonItem(item),
});
const frame = (name: string, reason: DropReason, wrong: object): HostileCase =>
  map(name, reason, { ...goodFrame, ...wrong });
const axisOf = (wrong: object): object => ({ ...goodLayout, axes: [{ ...layout.axes[0], ...wrong }] });

/** CBOR: the good frame with `values` replaced by bytes as given. */
function withRawValues(raw: Uint8Array): Uint8Array {
  const head = encodeCborItem({ layoutId, seq: 1, type: 'frame', stream: 's', timeUs: START_US, exposureUs: 1 });
  const opened = head.slice();
  opened[0] = opened[0]! + 1;
  return Uint8Array.of(...opened, 0x66, ...ascii('values'), ...raw);
}
const good = { cbor: encodeCborItem(goodFrame), json: encodeJsonItem(goodFrame) };
const cut = (whole: Uint8Array, from: number): Uint8Array => whole.slice(0, whole.length - from);
const nested = (open: string, depth: number, close: string): Uint8Array =>
  ascii(open.repeat(depth) + close.repeat(depth));

const packets: HostileCase[] = [
  { name: 'nothing', reason: 'truncated', cbor: new Uint8Array(0), json: new Uint8Array(0) },
  { name: 'a frame cut in its values', reason: 'truncated', cbor: cut(good.cbor, 60), json: cut(good.json, 60) },
  { name: 'a frame cut by one byte', reason: 'truncated', cbor: cut(good.cbor, 1), json: cut(good.json, 1) },
  { name: 'a frame cut after its first byte', reason: 'truncated', cbor: good.cbor.slice(0, 1), json: ascii('{') },
  { name: 'noise', reason: 'garbage', cbor: bytes('ff fe 00 13 37'), json: bytes('fffe001337') },
  { name: 'another format', reason: 'garbage', cbor: ascii('\u0089HDF'), json: ascii('<frame seq="1"/>') },
  {
    name: 'a frame with something behind it',
    reason: 'garbage',
    cbor: Uint8Array.of(...good.cbor, 0),
    json: Uint8Array.of(...good.json, 0x31),
  },
  { name: 'text that is no UTF-8', reason: 'garbage', json: bytes('7b22c328223a317d') },
  { name: 'a byte string of 4 GiB, announced', reason: 'truncated', cbor: withRawValues(bytes('d856 5a ffffffff 00')) },
  {
    name: 'a byte string of 2^62 bytes, announced',
    reason: 'garbage',
    cbor: withRawValues(bytes('d856 5b 4000000000000000')),
  },
  {
    name: 'an array of 2^32 elements, announced',
    reason: 'truncated',
    cbor: withRawValues(bytes('9a ffffffff 01 02')),
  },
  { name: 'a map of 2^32 entries, announced', reason: 'truncated', cbor: bytes('ba ffffffff 61 61 01') },
  { name: 'a text of 2 GiB, announced', reason: 'truncated', cbor: bytes('7a 7fffffff 61') },
  {
    name: 'arrays nested a hundred thousand deep',
    reason: 'garbage',
    cbor: new Uint8Array(100_000).fill(0x81),
    json: nested('[', 100_000, ']'),
  },
  { name: 'objects nested deep', reason: 'garbage', json: nested('{"a":', 1000, '}') },
  { name: 'tags nested deep', reason: 'garbage', cbor: new Uint8Array(100_000).fill(0xc1) },
  { name: 'indefinite arrays nested deep', reason: 'garbage', cbor: new Uint8Array(100_000).fill(0x9f) },
  { name: 'a tag nobody knows', reason: 'garbage', cbor: withRawValues(bytes('d9 dcb4 00')) },
  { name: 'a typed array that is no byte string', reason: 'garbage', cbor: withRawValues(bytes('d856 83 01 02 03')) },
  {
    name: 'typed values that are no whole number of them',
    reason: 'truncated',
    cbor: withRawValues(bytes('d856 44 00000000')),
  },
  { name: 'a key that is no text', reason: 'garbage', cbor: bytes('a1 01 02') },
  { name: 'too many bytes', reason: 'tooLarge', cbor: new Uint8Array(70_000), json: new Uint8Array(70_000).fill(0x20) },
];

const shapes: HostileCase[] = [
  map('a number', 'garbage', 7),
  map('null', 'garbage', null),
  map('a list of frames', 'garbage', [{ ...goodFrame, values: [1] }]),
  map('an empty map', 'garbage', {}),
  map('a type nobody knows', 'garbage', { ...goodFrame, type: 'movie' }),
  map('a type that is a map', 'garbage', { ...goodFrame, type: { frame: true } }),
  frame('a frame without a number', 'garbage', { seq: undefined }),
  frame('a number in words', 'garbage', { seq: 'one' }),
  frame('a number that is broken', 'garbage', { seq: 1.5 }),
  frame('a negative number', 'garbage', { seq: -1 }),
  frame('a number beyond 2^53', 'garbage', { seq: 2 ** 60 }),
  frame('a negative live time', 'garbage', { exposureUs: -1 }),
  frame('no live time', 'garbage', { exposureUs: undefined }),
  frame('the year 2200', 'clock', { timeUs: Date.UTC(2200, 0, 1) * 1000 }),
  frame('a time before 1970', 'clock', { timeUs: -1 }),
  frame('a time in words', 'garbage', { timeUs: '2026-01-01' }),
  frame('a layout nobody sent', 'layout', { layoutId: 'ffffffffffffffff' }),
  frame('a layout that is a number', 'garbage', { layoutId: 12 }),
  frame('no values', 'garbage', { values: undefined }),
  frame('values in words', 'garbage', { values: 'many' }),
  frame('values that are words', 'garbage', { values: new Array(CHANNELS).fill('1') }),
  frame('values that are lists', 'garbage', { values: new Array(CHANNELS).fill([1]) }),
  frame('a channel too few', 'length', { values: new Float64Array(CHANNELS - 1) }),
  frame('a channel too many', 'length', { values: new Float64Array(CHANNELS + 1) }),
  frame('no channel at all', 'length', { values: new Float64Array(0) }),
  frame('variances of another length', 'length', { variances: new Float64Array(2) }),
  frame('a mask of another length', 'length', { mask: new Uint8Array(2) }),
  frame('flags that are words', 'garbage', { flags: 'summed' }),
  frame('a context of words', 'garbage', { context: { temperature: 'hot' } }),
  frame('a context that is a list', 'garbage', { context: [1, 2] }),
  frame('a context without end', 'garbage', {
    context: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`signal${i}`, i])),
  }),
  map('a slow signal in words', 'garbage', { type: 'slow', name: 'temperature', timeUs: START_US, value: 'hot' }),
  map('a slow signal without a time', 'garbage', { type: 'slow', name: 'temperature', value: 1 }),
  map('a slow signal of the year 2200', 'clock', { name: 'a', timeUs: Date.UTC(2200, 0, 1) * 1000, value: 1 }),
];

const layouts: HostileCase[] = [
  map('a layout without axes', 'layout', { ...goodLayout, axes: undefined }),
  map('a layout with no axis', 'layout', { ...goodLayout, axes: [] }),
  map('a layout of nine axes', 'layout', { ...goodLayout, axes: new Array(9).fill(layout.axes[0]) }),
  map('an axis that shrinks', 'layout', axisOf({ coordinates: Float64Array.of(3, 2, 1) })),
  map('an axis that stands still', 'layout', axisOf({ coordinates: Float64Array.of(1, 2, 2) })),
  map('an axis with a hole', 'layout', axisOf({ coordinates: Float64Array.of(1, NaN, 3) })),
  map('an axis without channels', 'layout', axisOf({ coordinates: new Float64Array(0) })),
  map('an axis of one edge', 'layout', axisOf({ placement: 'edge', coordinates: Float64Array.of(1) })),
  map('an axis placed nowhere', 'layout', axisOf({ placement: 'middle' })),
  map('an axis without a name', 'garbage', axisOf({ name: '' })),
  map('noise nobody knows', 'noise', { ...goodLayout, noise: 'loud' }),
  map('no noise', 'noise', { ...goodLayout, noise: undefined }),
  map('a layout without a name', 'garbage', { ...goodLayout, layoutId: undefined }),
  {
    name: 'an axis of more than a million channels',
    reason: 'tooLarge',
    cbor: encodeCborItem(axisOf({ coordinates: new Float64Array(1_000_002) })),
  },
  {
    name: 'axes that multiply to more than there is memory',
    reason: 'tooLarge',
    cbor: encodeCborItem({
      ...goodLayout,
      axes: new Array(4).fill({ ...layout.axes[0], coordinates: Float64Array.from({ length: 1000 }, (_, i) => i) }),
    }),
  },
];

/** What every codec of the wire format must refuse, for the reason given. */
export const hostileCorpus: readonly HostileCase[] = [...packets, ...shapes, ...layouts];
