import { MAX_CHANNELS } from '../binary/grid.ts';
import type { ByteFile } from '../binary/openBytes.ts';
import { takeText } from '../binary/numbers.ts';
import { axisOf, quantityOf } from './units.ts';

export const HEADER_BYTES = 512;
export const SUBHEADER_BYTES = 32;
const MAX_SPECTRA = 2 ** 24;
/** Bits of the first byte. */
const SHORT_INTEGERS = 0x01;
const MANY = 0x04;
const OWN_AXES = 0x40;
const LISTED_AXIS = 0x80;
/** An exponent that says the numbers are floats. */
export const IS_FLOAT = -128;

/** The header of an SPC file of the new format, little-endian. */
export interface SpcHeader {
  readonly channels: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly exponent: number;
  readonly hasShortIntegers: boolean;
  readonly hasMany: boolean;
  /** Each spectrum has coordinates, and a length, of its own. */
  readonly hasOwnAxes: boolean;
  /** The coordinates are listed behind the header. */
  readonly hasListedAxis: boolean;
  readonly axis: { readonly name: string; readonly unit: string };
  /** Type of the number that each spectrum has. */
  readonly alongType: number;
  readonly quantity: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** @throws MonitorError 'ADAPTER'. */
export function readHeader(file: ByteFile): SpcHeader {
  const view = file.view(0, HEADER_BYTES, 'the header');
  const flags = view.getUint8(0);
  const channels = view.getUint32(4, true);
  const hasOwnAxes = (flags & OWN_AXES) !== 0;
  const hasMany = (flags & MANY) !== 0;
  const count = hasMany ? view.getUint32(24, true) : 1;
  const [first, last] = [view.getFloat64(8, true), view.getFloat64(16, true)];
  if (!hasOwnAxes && (channels < 1 || channels > MAX_CHANNELS))
    throw file.broken(`the header has ${channels} channels`);
  if (count > Math.min(MAX_SPECTRA, file.size / SUBHEADER_BYTES))
    throw file.broken(`the header has ${count} spectra, more than fit into the file`);
  const laser = /(?:laser|excitation)[^\d]{0,20}([\d.]+)/i.exec(takeText(view, 88, 130))?.[1];
  const facts = {
    comment: takeText(view, 88, 130),
    source: takeText(view, 45, 9),
    resolution: takeText(view, 36, 9),
    method: takeText(view, 264, 48),
    acquired: dateOf(view.getUint32(32, true)),
    laser: laser === undefined ? '' : `${laser} nm`,
  };
  return {
    channels,
    count,
    first,
    last,
    exponent: view.getInt8(3),
    hasShortIntegers: (flags & SHORT_INTEGERS) !== 0,
    hasMany,
    hasOwnAxes,
    hasListedAxis: (flags & LISTED_AXIS) !== 0,
    axis: axisOf(view.getUint8(28)),
    alongType: view.getUint8(30),
    quantity: quantityOf(view.getUint8(29)),
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
  };
}

/** Minute, hour, day, month and year packed into 32 bits, local time. */
function dateOf(packed: number): string {
  const [year, month, day] = [packed >>> 20, (packed >>> 16) & 15, (packed >>> 11) & 31];
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hour, minute] = [(packed >>> 6) & 31, packed & 63];
  const isDate = year > 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60;
  return isDate ? `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}` : '';
}
