import { defineReader, type FileContents, type FileFrame } from '../../src/model/reader.ts';
import { modalityOf } from '../hdf5/axisName.ts';
import { unitCode } from '../hdf5/unitCode.ts';
import { evenly, makeGrid, MAX_CHANNELS } from './binary/grid.ts';
import { bytesOf, takeNumbers, takeText, type NumberType } from './binary/numbers.ts';
import { openBytes, type ByteFile } from './binary/openBytes.ts';

const HEADER_BYTES = 384;
const VERSION = 5;
const MAX_SPECTRA = 2 ** 24;
const MAX_NOTE = 64 * 1024;
const TYPES: Readonly<Record<number, NumberType>> = {
  2: 'f32',
  4: 'f64',
  8: 'i8',
  16: 'i16',
  32: 'i32',
  72: 'u8',
  80: 'u16',
  96: 'u32',
};

export default defineReader({
  name: 'igorIbw',
  summary: 'Igor binary waves of version 5 (.ibw): the first dimension is the axis, the others are spectra.',
  extensions: ['ibw'],
  recognise({ bytes }) {
    if (bytes.length < HEADER_BYTES) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
    const order = view.getInt16(0, true) === VERSION ? true : view.getInt16(0, false) === VERSION ? false : null;
    if (order === null || TYPES[view.getInt16(80, order)] === undefined) return null;
    // The first 384 bytes of a wave sum up to nothing, in 16 bits.
    let sum = 0;
    for (let at = 0; at < HEADER_BYTES; at += 2) sum += view.getInt16(at, order);
    return (sum & 0xffff) === 0 ? 'certain' : 'likely';
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

function contentsOf(file: ByteFile): FileContents {
  const view = file.view(0, HEADER_BYTES, 'the header');
  const isLittle = view.getInt16(0, true) === VERSION;
  if (!isLittle && view.getInt16(0, false) !== VERSION)
    throw file.broken('only version 5 of Igor binary waves is read');
  const type = TYPES[view.getInt16(80, isLittle)];
  if (type === undefined)
    throw file.broken(`waves of type ${view.getInt16(80, isLittle)} (complex, text) are not read`);
  const extents = [0, 1, 2, 3].map((k) => view.getInt32(132 + 4 * k, isLittle));
  const lead = extents.slice(1).filter((extent) => extent > 0);
  const channels = extents[0]!;
  const count = lead.reduce((product, extent) => product * extent, 1);
  if (channels < 1 || channels > MAX_CHANNELS || !(count <= MAX_SPECTRA))
    throw file.broken(`a wave of ${extents.join(' x ')} cannot be`);
  if (HEADER_BYTES + channels * count * bytesOf(type) > file.size)
    throw file.broken(`a wave of ${extents.join(' x ')} would end behind the file, which has ${file.size} bytes`);
  const written = takeText(view, 216, 4);
  const note = noteOf(file, view, isLittle);
  const scienta = scientaOf(note);
  const unit = scienta === null ? unitCode(written) : 'eV';
  const byUnit = { eV: 'energy', nm: 'wavelength', deg: 'twoTheta' }[unit] ?? 'coordinate';
  const name = scienta?.axis ?? byUnit;
  const coordinates = evenly(channels, view.getFloat64(180, isLittle), view.getFloat64(148, isLittle));
  const meaning = { name, unit, quantity: 'intensity', valueUnit: '1', noise: 'unknown' } as const;
  const grid = makeGrid(coordinates, meaning, file.broken);
  const title = takeText(view, 92, 32);
  return {
    format: 'Igor binary wave 5',
    modality: scienta === null ? modalityOf(name, unit) : 'XPS',
    series: [
      {
        name: '',
        frameCount: count,
        layout: grid.layout,
        shape: lead.length < 2 ? null : [...lead].reverse(),
        facts: { name: title, ...(written === '' ? {} : { unit: written }), ...scienta?.facts },
        *frames(from): Generator<FileFrame> {
          const values = new Float64Array(channels);
          const bytes = channels * bytesOf(type);
          for (let i = from; i < count; i++) {
            takeNumbers(file.view(HEADER_BYTES + i * bytes, bytes, `spectrum ${i}`), type, values, isLittle);
            const numbers = lead.length === 0 ? [] : [{ name: 'row', value: i, unit: '1' }];
            const times = { timeUs: null, seconds: null, exposureUs: scienta?.exposureUs ?? null };
            yield { layout: grid.layout, values: grid.ascending(values), ...times, numbers };
          }
        },
      },
    ],
    slow: [],
    oddities: grid.descends ? ['the axis descends in the file; the spectra are turned round'] : [],
    close: file.close,
  };
}

/** What was written about a wave, behind its numbers; '' when it is not there. */
function noteOf(file: ByteFile, header: DataView, isLittle: boolean): string {
  const at = 64 + header.getInt32(4, isLittle) + header.getInt32(8, isLittle);
  const length = Math.min(header.getInt32(12, isLittle), MAX_NOTE);
  if (at < HEADER_BYTES || length <= 0 || at + length > file.size) return '';
  return takeText(file.view(at, length, 'the note'), 0, length);
}

/** The note of a Scienta analyser; null for any other. */
function scientaOf(
  note: string,
): { axis: string; exposureUs: number | null; facts: Readonly<Record<string, string>> } | null {
  if (!note.includes('[SES]')) return null;
  const at = (name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'im').exec(note.replaceAll('\r', '\n'))?.[1]?.trim() ?? '';
  const exposureMs = Number(at('Step Time')) * Number(at('Number of Sweeps') || 1);
  const facts = {
    region: at('Region Name'),
    excitation: at('Excitation Energy') === '' ? '' : `${at('Excitation Energy')} eV`,
    passEnergy: at('Pass Energy') === '' ? '' : `${at('Pass Energy')} eV`,
    acquired: `${at('Date')} ${at('Time')}`.trim(),
  };
  return {
    axis: at('Energy Scale') === 'Binding' ? 'bindingEnergy' : 'kineticEnergy',
    exposureUs: exposureMs > 0 ? Math.round(exposureMs * 1000) : null,
    facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')),
  };
}
