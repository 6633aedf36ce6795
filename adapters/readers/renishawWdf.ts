import { defineReader, type FileContents, type FileFrame, type FileFault } from '../../src/model/reader.ts';
import { makeGrid, MAX_CHANNELS, type Grid } from './binary/grid.ts';
import { openBytes, type ByteFile } from './binary/openBytes.ts';
import { takeFileTime, takeNumbers, takeText } from './binary/numbers.ts';
import { readBlocks, type Block } from './renishaw/blocks.ts';
import { readOrigins, UNITS, type Origins } from './renishaw/origins.ts';
import { readProperties } from './renishaw/properties.ts';

const HEADER_BYTES = 512;
const MAX_SPECTRA = 2 ** 24;
const COUNTS = 6;
const MAP = 3;
const COLUMN_BY_COLUMN = 2;
const ALONG_A_LINE = 128;

export default defineReader({
  name: 'renishawWdf',
  summary: 'Raman spectra, series and maps of Renishaw WiRE (.wdf), with their times and positions.',
  extensions: ['wdf'],
  recognise: ({ text }) => (text.startsWith('WDF1') ? 'certain' : null),
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

interface Header {
  readonly channels: number;
  /** Spectra that were planned, and that were measured. */
  readonly capacity: number;
  readonly count: number;
  readonly kind: number;
  readonly startUs: number | null;
  readonly valueUnit: number;
  readonly facts: Readonly<Record<string, string>>;
}

function readHeader(file: ByteFile): Header {
  const view = file.view(0, HEADER_BYTES, 'the header');
  const channels = view.getUint32(60, true);
  const capacity = Number(view.getBigUint64(64, true));
  const count = Number(view.getBigUint64(72, true));
  if (channels === 0 || channels > MAX_CHANNELS)
    throw file.broken(`the header has ${channels} channels per spectrum, expected 1 to ${MAX_CHANNELS}`);
  if (count > Math.min(capacity, MAX_SPECTRA))
    throw file.broken(`the header has ${count} spectra measured of ${capacity}`);
  const [list, rows] = [view.getUint32(88, true), view.getUint32(84, true)];
  if (list !== channels || rows > 1)
    throw file.broken(`the header has ${list} x ${rows} coordinates for ${channels} channels: images are not read`);
  const laser = view.getFloat32(156, true);
  const startUs = takeFileTime(view, 136);
  const facts = {
    title: takeText(view, 240, 160),
    laser: laser > 0 ? `${(1e7 / laser).toFixed(1)} nm` : '',
    started: startUs === null ? '' : new Date(startUs / 1000).toISOString(),
    program: takeText(view, 96, 24),
    user: takeText(view, 208, 32),
    accumulations: String(view.getUint32(80, true)),
  };
  const said = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''));
  return {
    channels,
    capacity,
    count,
    kind: view.getUint32(132, true),
    startUs,
    valueUnit: view.getUint32(152, true),
    facts: said,
  };
}

function contentsOf(file: ByteFile): FileContents {
  const header = readHeader(file);
  const { blocks, cut } = readBlocks(file);
  const find = (name: string): Block | undefined => blocks.find((block) => block.name === name);
  const need = (name: string): Block => {
    const block = find(name);
    if (block === undefined) throw file.broken(`there is no block ${name}${cut === null ? '' : `: ${cut}`}`);
    return block;
  };
  const { count, capacity, channels } = header;
  const data = need('DATA');
  if (data.length < count * channels * 4)
    throw file.broken(`block DATA has ${data.length} bytes, too few for ${count} spectra of ${channels} channels`);
  const { grid, unit } = readGrid(file, need('XLST'), header);
  const origins = readOrigins(file, find('ORGN'), count);
  const properties = readProperties(file, find('WXDM'));
  const exposureMs = properties.get('Exposure Time');
  const exposureUs =
    exposureMs !== undefined && exposureMs > 0
      ? exposureMs * 1000 * Math.max(1, properties.get('Accumulations') ?? 1)
      : null;
  const facts = exposureUs === null ? header.facts : { ...header.facts, exposure: `${exposureUs / 1e6} s` };
  const oddities: string[] = [];
  if (count < capacity) oddities.push(`written by an interrupted measurement: ${count} of ${capacity} spectra`);
  if (grid.descends) oddities.push('the axis descends in the file; the spectra are turned round');
  if (cut !== null) oddities.push(cut);
  const shape = header.kind === MAP ? mapShape(file, find('WMAP'), count, oddities) : null;
  return {
    format: `Renishaw WiRE`,
    modality: unit === 'cm-1' ? 'Raman' : null,
    series: [
      {
        name: '',
        frameCount: count,
        layout: grid.layout,
        shape,
        facts,
        frames: (from) => spectra(file, data, grid, origins, exposureUs, { from, count }),
      },
    ],
    slow: [],
    oddities,
    close: file.close,
  };
}

function readGrid(file: ByteFile, block: Block, { channels, valueUnit }: Header): { grid: Grid; unit: string } {
  const view = file.view(block.offset, 8 + 4 * channels, 'the axis (block XLST)');
  const unit = UNITS[view.getUint32(4, true)] ?? '1';
  const name = { 'cm-1': 'ramanShift', nm: 'wavelength', eV: 'energy' }[unit] ?? 'coordinate';
  const coordinates = takeNumbers(new DataView(view.buffer, view.byteOffset + 8), 'f32', new Float64Array(channels));
  const quantity = valueUnit === COUNTS ? 'counts' : 'intensity';
  return { grid: makeGrid(coordinates, { name, unit, quantity, valueUnit: '1', noise: 'unknown' }, file.broken), unit };
}

/** Rows and columns of a map, the slower first; null when they do not fit the spectra. */
function mapShape(file: ByteFile, block: Block | undefined, count: number, oddities: string[]): number[] | null {
  if (block === undefined || block.length < 48) return null;
  const view = file.view(block.offset, 48, 'the block WMAP');
  const flags = view.getUint32(0, true);
  const [columns, rows] = [view.getUint32(32, true), view.getUint32(36, true)];
  if ((flags & ALONG_A_LINE) !== 0) return null;
  if (columns * rows === count) return (flags & COLUMN_BY_COLUMN) === 0 ? [rows, columns] : [columns, rows];
  oddities.push(`the map has ${rows} rows of ${columns}, but ${count} spectra`);
  return null;
}

/** WiRE stamps a spectrum when it is stored: its exposure began that much earlier. */
function* spectra(
  file: ByteFile,
  data: Block,
  { layout, ascending }: Grid,
  { storedUs, exposureUs: exposures, columns }: Origins,
  declaredUs: number | null,
  { from, count }: { from: number; count: number },
): Generator<FileFrame | FileFault> {
  const values = new Float64Array(layout.size);
  const startUs = (i: number): number | null => {
    const stored = storedUs?.[i] ?? null;
    return stored === null ? null : Math.round(stored - (exposures?.[i] ?? declaredUs ?? 0));
  };
  const firstUs = count === 0 ? null : startUs(0);
  for (let i = from; i < count; i++) {
    takeNumbers(file.view(data.offset + i * layout.size * 4, layout.size * 4, `spectrum ${i}`), 'f32', values);
    const timeUs = startUs(i);
    yield {
      layout,
      values: ascending(values),
      timeUs,
      seconds: timeUs === null || firstUs === null ? null : (timeUs - firstUs) / 1e6,
      exposureUs: exposures?.[i] ?? declaredUs,
      numbers: columns.map(({ name, unit, numbers }) => ({ name, unit, value: numbers[i]! })),
    };
  }
}
