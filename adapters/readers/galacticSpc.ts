import { createLayoutInterner, type Layout } from '../../src/model/layout.ts';
import { defineReader, type FileContents, type FileFrame, type FileFault } from '../../src/model/reader.ts';
import { evenly, makeGrid, MAX_CHANNELS, type Grid } from './binary/grid.ts';
import { openBytes, type ByteFile } from './binary/openBytes.ts';
import { takeNumbers } from './binary/numbers.ts';
import { HEADER_BYTES, IS_FLOAT, readHeader, SUBHEADER_BYTES, type SpcHeader } from './galactic/header.ts';
import { secondsOf, axisOf } from './galactic/units.ts';

const NEW_FORMAT = 0x4b;

export default defineReader({
  name: 'galacticSpc',
  summary:
    'Spectra of the Galactic (Thermo GRAMS) format .spc: single ones, series with one axis or with an axis each.',
  extensions: ['spc'],
  recognise({ bytes }) {
    if (bytes.length < HEADER_BYTES || bytes[1] !== NEW_FORMAT) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
    const isFinite = Number.isFinite(view.getFloat64(8, true)) && Number.isFinite(view.getFloat64(16, true));
    const hasTypes = view.getUint8(28) <= 30 && view.getUint32(4, true) <= MAX_CHANNELS;
    return isFinite && hasTypes ? 'certain' : null;
  },
  open({ path }) {
    const file = openBytes(path);
    try {
      return Promise.resolve(contentsOf(file));
    } catch (error) {
      file.close();
      return Promise.reject(error as Error);
    }
  },
});

/** One spectrum where it lies. */
interface Place {
  readonly grid: Grid;
  readonly values: number;
  readonly exponent: number;
  readonly along: number;
  readonly next: number;
}

function contentsOf(file: ByteFile): FileContents {
  const header = readHeader(file);
  const placeAt = createPlaces(file, header);
  const first = placeAt(null, 0);
  const { axis, facts, count, alongType } = header;
  const oddities = first.grid.descends ? ['the axis descends in the file; the spectra are turned round'] : [];
  const isTime = secondsOf(alongType) !== null;
  return {
    format: 'Galactic SPC',
    modality: axis.name === 'ramanShift' ? 'Raman' : null,
    series: [
      {
        name: '',
        frameCount: count,
        layout: first.grid.layout,
        shape: null,
        facts: isTime || count === 1 ? facts : { ...facts, along: axisOf(alongType).name },
        frames: (from) => spectra(file, header, placeAt, from),
      },
    ],
    slow: [],
    oddities,
    close: file.close,
  };
}

/** Spectra lie one behind the other, each with its own head; where the next begins, only the last one tells. */
function createPlaces(file: ByteFile, header: SpcHeader): (before: Place | null, i: number) => Place {
  const { channels, axis, quantity, hasListedAxis, hasOwnAxes, first, last, hasMany } = header;
  const intern = createLayoutInterner();
  const gridOf = (coordinates: Float64Array): Grid => {
    const meaning = { ...axis, quantity, valueUnit: '1', noise: 'unknown' } as const;
    const grid = makeGrid(coordinates, meaning, file.broken);
    const layout: Layout = intern(grid.layout);
    return { ...grid, layout };
  };
  const listAt = (offset: number, length: number): Float64Array =>
    takeNumbers(file.view(offset, 4 * length, 'the axis'), 'f32', new Float64Array(length));
  const shared = hasOwnAxes
    ? null
    : gridOf(
        hasListedAxis
          ? listAt(HEADER_BYTES, channels)
          : evenly(channels, first, (last - first) / Math.max(1, channels - 1)),
      );
  const start = HEADER_BYTES + (shared !== null && hasListedAxis ? 4 * channels : 0);
  return (before, i) => {
    const offset = before?.next ?? start;
    const head = file.view(offset, SUBHEADER_BYTES, `the head of spectrum ${i}`);
    const own = head.getInt8(1);
    const exponent = hasMany ? own : header.exponent;
    const along = head.getFloat32(4, true);
    const length = hasOwnAxes ? head.getUint32(16, true) || channels : channels;
    if (length < 1 || length > MAX_CHANNELS) throw file.broken(`spectrum ${i} has ${length} channels`);
    const grid = shared ?? gridOf(listAt(offset + SUBHEADER_BYTES, length));
    const values = offset + SUBHEADER_BYTES + (shared === null ? 4 * length : 0);
    return {
      grid,
      values,
      exponent,
      along,
      next: values + length * (exponent !== IS_FLOAT && header.hasShortIntegers ? 2 : 4),
    };
  };
}

function* spectra(
  file: ByteFile,
  header: SpcHeader,
  placeAt: (before: Place | null, i: number) => Place,
  from: number,
): Generator<FileFrame | FileFault> {
  const second = secondsOf(header.alongType);
  const along = axisOf(header.alongType);
  let place: Place | null = null;
  let firstSeconds: number | null = null;
  for (let i = 0; i < header.count; i++) {
    place = placeAt(place, i);
    const seconds: number | null = second === null || header.count === 1 ? null : place.along * second;
    firstSeconds ??= seconds;
    if (i < from) continue;
    const { layout } = place.grid;
    const numbers =
      second === null && header.count > 1
        ? [{ name: along.name === 'channel' ? 'z' : along.name, value: place.along, unit: along.unit }]
        : [];
    yield {
      layout,
      values: place.grid.ascending(valuesOf(file, header, place, i)),
      timeUs: null,
      seconds: seconds === null || firstSeconds === null ? null : seconds - firstSeconds,
      exposureUs: null,
      numbers,
    };
  }
}

/** Floats, or fractions of 16 or 32 bits times a power of two. */
function valuesOf(
  file: ByteFile,
  { hasShortIntegers }: SpcHeader,
  { grid, values, exponent }: Place,
  i: number,
): Float64Array {
  const target = new Float64Array(grid.layout.size);
  const bits = exponent !== IS_FLOAT && hasShortIntegers ? 16 : 32;
  const view = file.view(values, (target.length * bits) / 8, `spectrum ${i}`);
  if (exponent === IS_FLOAT) return takeNumbers(view, 'f32', target);
  const scale = 2 ** (exponent - bits);
  return takeNumbers(view, bits === 16 ? 'i16' : 'i32', target).map((value) => value * scale);
}
