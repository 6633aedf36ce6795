import { defineReader, type FileContents, type FileFrame, type FileSeries } from '../../src/model/reader.ts';
import { openBytes, type ByteFile } from './binary/openBytes.ts';
import { readEntries, type Entry } from './bruker/container.ts';
import { openEntry, type Cursor } from './bruker/cursor.ts';
import { readHeader, type MapHeader } from './bruker/header.ts';
import { addPulses, unpackSpectrum } from './bruker/pixel.ts';

const MAX_HEADER_BYTES = 256 * 1024 * 1024;
const MAX_SIDE = 2 ** 16;
/** Of a spectrum image: its size, and what is not known. */
const MAP_HEAD = 0x1a0;
const PIXEL_HEAD = 22;

export default defineReader({
  name: 'brukerBcf',
  summary: 'EDX spectrum images of Bruker Esprit (.bcf), pixel by pixel.',
  extensions: ['bcf'],
  recognise: ({ text }) => (text.startsWith('AAMVHFSS') ? 'certain' : null),
  async open({ path }) {
    const file = openBytes(path);
    try {
      return await contentsOf(file);
    } catch (error) {
      file.close();
      throw error;
    }
  },
});

async function contentsOf(file: ByteFile): Promise<FileContents> {
  const entries = readEntries(file);
  const head = entries.find(({ name }) => name === 'HeaderData');
  if (head === undefined) throw file.broken(`no HeaderData among the files of the container`);
  const text = new TextDecoder('windows-1252').decode(openEntry(head, file.broken).rest(MAX_HEADER_BYTES));
  const headerOf = await readHeader(text, file.broken);
  const oddities: string[] = [];
  const series = entries.flatMap((entry) => {
    const index = /^SpectrumData(\d+)$/.exec(entry.name)?.[1];
    return index === undefined ? [] : [seriesOf(file, entry, headerOf(Number(index)), oddities)];
  });
  if (series.length === 0) throw file.broken('no spectra in this file: it has no SpectrumData');
  const isOnly = series.length === 1;
  return {
    format: 'Bruker Esprit',
    modality: 'EDX',
    series: series.map((each) => (isOnly ? { ...each, name: '' } : each)),
    slow: [],
    oddities,
    close: file.close,
  };
}

function seriesOf(file: ByteFile, entry: Entry, header: MapHeader, oddities: string[]): FileSeries {
  const { rows, columns } = startMap(file, entry);
  const { scans, scanUs, grid, facts } = header;
  const isMeasured = (row: number): boolean => scans === null || scans[row] !== 0;
  const measured = Array.from({ length: rows }, (_, row) => row).filter(isMeasured).length;
  if (measured < rows) oddities.push(`'${entry.name}' was interrupted: ${measured} of ${rows} rows`);
  const times = new Set(scans?.slice(0, measured));
  if (times.size > 1)
    oddities.push(
      `rows of '${entry.name}' were scanned ${[...times].join(', ')} times: the exposure changes with them`,
    );
  const exposure = scanUs === null ? {} : { exposure: `${scanUs} us per scan, real time` };
  return {
    name: entry.name,
    frameCount: measured * columns,
    layout: grid.layout,
    shape: [measured, columns],
    facts: { ...facts, ...exposure },
    frames: (from) => spectra(file, entry, header, isMeasured, from),
  };
}

function startMap(file: ByteFile, entry: Entry): { cursor: Cursor; rows: number; columns: number } {
  const cursor = openEntry(entry, file.broken);
  const head = cursor.take(MAP_HEAD, 'its head');
  const rows = head.getUint32(0, true);
  const columns = head.getUint32(4, true);
  if (rows < 1 || columns < 1 || rows > MAX_SIDE || columns > MAX_SIDE)
    throw file.broken(`'${entry.name}' has ${rows} rows of ${columns} pixels: that cannot be`);
  return { cursor, rows, columns };
}

/** A pixel that is not listed in a row that was scanned had no count. */
function* spectra(
  file: ByteFile,
  entry: Entry,
  { grid, pixel, scans, scanUs }: MapHeader,
  isMeasured: (row: number) => boolean,
  from: number,
): Generator<FileFrame> {
  const { cursor, rows, columns } = startMap(file, entry);
  const values = new Float64Array(grid.layout.size);
  let number = 0;
  for (let row = 0; row < rows; row++) {
    const exposureUs = scanUs === null ? null : scanUs * (scans?.[row] ?? 1);
    const listed = cursor.take(4, `row ${row}`).getUint32(0, true);
    if (listed > columns) throw file.broken(`row ${row} of '${entry.name}' lists ${listed} pixels of ${columns}`);
    let next = listed > 0 ? readPixelHead(file, cursor, row, columns, -1) : null;
    for (let column = 0, read = 1; column < columns; column++) {
      values.fill(0);
      if (next?.column === column) {
        readPixel(file, cursor, next, values);
        next = read < listed ? readPixelHead(file, cursor, row, columns, column) : null;
        read++;
      }
      if (!isMeasured(row) || number++ < from) continue;
      const numbers = [
        { name: 'x', value: column * pixel.width, unit: pixel.unit },
        { name: 'y', value: row * pixel.height, unit: pixel.unit },
      ];
      yield { layout: grid.layout, values: grid.ascending(values), timeUs: null, seconds: null, exposureUs, numbers };
    }
  }
}

interface PixelHead {
  readonly place: string;
  readonly column: number;
  readonly flag: number;
  readonly pulses: number;
  readonly bytes: number;
}

function readPixelHead(file: ByteFile, cursor: Cursor, row: number, columns: number, before: number): PixelHead {
  const head = cursor.take(PIXEL_HEAD, `row ${row}`);
  const column = head.getUint32(0, true);
  const place = `pixel ${column} of row ${row}`;
  if (column <= before || column >= columns) throw file.broken(`${place} comes after ${before} of ${columns}`);
  return {
    place,
    column,
    flag: head.getUint16(12, true),
    pulses: head.getUint16(16, true),
    bytes: head.getUint32(18, true),
  };
}

function readPixel(
  file: ByteFile,
  cursor: Cursor,
  { place, flag, pulses, bytes }: PixelHead,
  values: Float64Array,
): void {
  const isInstructed = flag > 1;
  if (isInstructed && bytes < 4) throw file.broken(`${place} has ${bytes} bytes`);
  try {
    unpackSpectrum(flag, cursor.take(isInstructed ? bytes - 4 : bytes, place), pulses, values);
    if (!isInstructed) return;
    // Single counts may follow a spectrum that is packed by instructions.
    const more = cursor.take(4, place).getUint32(0, true);
    if (pulses > 0) addPulses(cursor.take(more, place), values);
  } catch (cause) {
    if (cause instanceof RangeError) throw file.broken(`${place} cannot be unpacked`, cause);
    throw cause;
  }
}
