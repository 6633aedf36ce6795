import { defineReader, type FileContents, type FileFrame } from '../../src/model/reader.ts';
import { evenly, makeGrid, MAX_CHANNELS, type Grid } from './binary/grid.ts';
import { bytesOf, takeNumbers } from './binary/numbers.ts';
import { openBytes, type ByteFile } from './binary/openBytes.ts';
import { pixelBytes, readLightField } from './princeton/footer.ts';
import { DATA_AT, headerView, readWinSpec, type SpeHeader } from './princeton/header.ts';

const MARK_AT = 4098;
const MARK = 0x5555;
const LIGHT_FIELD = 3;
const MAX_FRAMES = 2 ** 24;

export default defineReader({
  name: 'princetonSpe',
  summary:
    'Spectra of Princeton Instruments cameras (.spe of WinSpec and LightField); each row of a frame is a spectrum.',
  extensions: ['spe'],
  recognise({ bytes }) {
    if (bytes.length < DATA_AT) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, DATA_AT);
    const version = view.getFloat32(1992, true);
    const isMarked = view.getUint16(MARK_AT, true) === MARK;
    return isMarked && version >= 1 && version < 4 && view.getUint16(42, true) > 0 ? 'certain' : null;
  },
  async open({ path }) {
    const file = openBytes(path);
    try {
      const isLightField = headerView(file).getFloat32(1992, true) >= LIGHT_FIELD;
      return contentsOf(file, isLightField ? await readLightField(file) : readWinSpec(file));
    } catch (error) {
      file.close();
      throw error;
    }
  },
});

function contentsOf(file: ByteFile, header: SpeHeader): FileContents {
  const { width, height, count, stride, coordinates, unit, oddities } = header;
  const sizes = [width, height, count, stride];
  const isPossible = sizes.every((size) => Number.isSafeInteger(size) && size > 0) && width <= MAX_CHANNELS;
  if (!isPossible || count * height > MAX_FRAMES || stride < pixelBytes(header))
    throw file.broken(`${count} frames of ${width} x ${height} pixels, ${stride} bytes apart, cannot be`);
  const complete = Math.min(count, Math.floor((file.size - DATA_AT - pixelBytes(header)) / stride) + 1);
  if (complete < 1) throw file.broken(`the first frame ends behind the end of the file, at ${file.size}`);
  const name = { nm: 'wavelength', 'cm-1': 'ramanShift' }[unit] ?? 'channel';
  const meaning = { name, unit, quantity: 'counts', valueUnit: '1', noise: 'unknown' } as const;
  const grid = makeGrid(coordinates ?? evenly(width, 0, 1), meaning, file.broken);
  return {
    format: `Princeton Instruments SPE ${header.version}`,
    modality: unit === 'cm-1' ? 'Raman' : null,
    series: [
      {
        name: '',
        frameCount: complete * height,
        layout: grid.layout,
        shape: null,
        facts: header.facts,
        frames: (from) => spectra(file, header, grid, complete * height, from),
      },
    ],
    slow: [],
    oddities: [
      ...oddities,
      ...(complete < count ? [`the file is cut short: ${complete} of ${count} frames`] : []),
      ...(grid.descends ? ['the axis descends in the file; the spectra are turned round'] : []),
    ],
    close: file.close,
  };
}

function* spectra(file: ByteFile, header: SpeHeader, grid: Grid, count: number, from: number): Generator<FileFrame> {
  const { type, width, height, stride, exposureUs, stamp, startUs } = header;
  const bytes = bytesOf(type) * width;
  const values = new Float64Array(width);
  const secondsAt = (frame: number): number | null => {
    if (stamp === null || stamp.offset + 8 > stride || DATA_AT + frame * stride + stamp.offset + 8 > file.size)
      return null;
    const at = DATA_AT + frame * stride + stamp.offset;
    return Number(file.view(at, 8, `the time of frame ${frame}`).getBigInt64(0, true)) / stamp.ticks;
  };
  const first = count > 0 ? secondsAt(0) : null;
  for (let i = from; i < count; i++) {
    const frame = Math.floor(i / height);
    const row = i % height;
    const since = secondsAt(frame);
    const zeroUs = stamp?.zeroUs ?? null;
    takeNumbers(file.view(DATA_AT + frame * stride + row * bytes, bytes, `frame ${frame}`), type, values);
    yield {
      layout: grid.layout,
      values: grid.ascending(values),
      timeUs: since !== null && zeroUs !== null ? Math.round(zeroUs + since * 1e6) : frame === 0 ? startUs : null,
      seconds: since === null || first === null ? null : since - first,
      exposureUs,
      numbers: height === 1 ? [] : [{ name: 'row', value: row, unit: '1' }],
    };
  }
}
