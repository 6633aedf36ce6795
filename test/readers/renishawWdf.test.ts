import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import reader from '../../adapters/readers/renishawWdf.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createByteWriter, createFolder, expectHonestWhenBroken, headOf, readAll, type Folder } from './binaryFiles.ts';

let folder: Folder;
beforeAll(() => void (folder = createFolder()));
afterAll(() => folder.remove());

const START_US = Date.UTC(2026, 0, 1) * 1000;
const fileTime = (us: number): bigint => (BigInt(us) + 11_644_473_600_000_000n) * 10n;

const block = (name: string, contents: Uint8Array): Uint8Array =>
  createByteWriter()
    .text(name)
    .u32(0)
    .u64(16 + contents.length)
    .bytes(contents)
    .done();

/** Three channels, room for `capacity` spectra; spectrum i is [10 i + 1, 10 i + 2, 10 i + 3] in the order of the file. */
function wdf({ capacity = 3, count = 3, exposureMs = 500 } = {}): Uint8Array {
  const header = createByteWriter().text('WDF1').u32(1).u64(512).zeros(44);
  header.u32(3).u64(capacity).u64(count).u32(1).u32(1).u32(3).u32(2).text('WiRE', 24).zeros(8);
  header
    .u32(3)
    .u32(3)
    .u64(fileTime(START_US))
    .u64(fileTime(START_US + 9e6))
    .u32(6)
    .f32(1e7 / 532);
  header
    .zeros(48)
    .text('someone', 32)
    .text('a map', 160)
    .zeros(512 - header.length);
  const data = createByteWriter();
  for (let i = 0; i < capacity; i++) for (let k = 1; k <= 3; k++) data.f32(i < count ? 10 * i + k : 0);
  const origins = createByteWriter().u32(2).u32(0x80000003).u32(5).text('X', 16);
  for (let i = 0; i < capacity; i++) origins.f64(100 + i);
  origins.u32(11).u32(24).text('Time', 16);
  for (let i = 0; i < capacity; i++) origins.u64(fileTime(START_US + 1e6 * (i + 1)));
  const entry = (kind: string, key: number) => createByteWriter().text(kind).u8(0).u16(key);
  const properties = Buffer.concat([
    entry('k', 7).u32(13).text('Exposure Time').done(),
    entry('p', 1).u32(8).bytes(entry('i', 7).u32(exposureMs).done()).done(),
  ]);
  return Buffer.concat([
    header.done(),
    block('DATA', data.done()),
    block('XLST', createByteWriter().u32(1).u32(1).f32(300).f32(200).f32(100).done()),
    block('ORGN', origins.done()),
    block('WMAP', createByteWriter().zeros(32).u32(1).u32(capacity).u32(1).u32(0).done()),
    block('WXDM', createByteWriter().text('PSET').u32(properties.length).bytes(properties).done()),
  ]);
}

describe('the reader of Renishaw files', () => {
  it('gives spectra in ascending order, with positions, and times at the start of the exposure', async () => {
    expect(reader.recognise(headOf(wdf(), 'wdf'))).toBe('certain');
    expect(reader.recognise(headOf(new Uint8Array(600), 'wdf'))).toBeNull();
    const { contents, read } = await readAll(reader, folder.write('a.wdf', wdf()));
    expect(contents.modality).toBe('Raman');
    expect(contents.series[0]).toMatchObject({
      frameCount: 3,
      shape: [3, 1],
      facts: { laser: '532.0 nm', title: 'a map' },
    });
    expect(contents.series[0]!.layout.axes[0]).toMatchObject({ name: 'ramanShift', unit: 'cm-1' });
    expect([...contents.series[0]!.layout.axes[0]!.coordinates]).toEqual([100, 200, 300]);
    expect(read[0]!.frames.map(({ values }) => [...values])).toEqual([
      [3, 2, 1],
      [13, 12, 11],
      [23, 22, 21],
    ]);
    expect(read[0]!.frames.map(({ timeUs }) => timeUs! - START_US)).toEqual([0.5e6, 1.5e6, 2.5e6]);
    expect(read[0]!.frames[2]).toMatchObject({
      seconds: 2,
      exposureUs: 5e5,
      numbers: [{ name: 'x', unit: 'um', value: 102 }],
    });
  });

  it('gives only the spectra that an interrupted measurement wrote, and says so', async () => {
    const { contents, read } = await readAll(reader, folder.write('b.wdf', wdf({ capacity: 4, count: 3 })));
    expect(read[0]!.frames).toHaveLength(3);
    expect(contents.series[0]!.shape).toBeNull();
    expect(contents.oddities).toContain('written by an interrupted measurement: 3 of 4 spectra');
  });

  it('begins where it is told, and reads a packed file', async () => {
    const contents = await reader.open({ path: folder.write('c.wdf.gz', gzipSync(wdf())) });
    const frames = [...(contents.series[0]!.frames(2) as Iterable<{ values: Float64Array }>)];
    expect(frames.map(({ values }) => values[0])).toEqual([23]);
    contents.close();
  });

  it('names what is missing or does not fit', async () => {
    const open = (bytes: Uint8Array) => readAll(reader, folder.write('d.wdf', bytes));
    await expect(open(wdf().subarray(0, 512))).rejects.toThrow(/no block DATA/);
    await expect(open(wdf().subarray(0, 530))).rejects.toThrow(/DATA at byte 512 is cut short: 18 of 52 bytes/);
    await expect(open(wdf({ capacity: 2, count: 3 }))).rejects.toThrow(/3 spectra measured of 2/);
    await expect(readAll(reader, folder.path('none.wdf'))).rejects.toThrow(/there is no .*none\.wdf/);
  });

  it('survives any cut and any wrong byte', async () => {
    await expectHonestWhenBroken(reader, folder, wdf());
  });

  it.skipIf(!hasRecording('raman_wdf'))('reads what WiRE really writes', async () => {
    const open = async (name: string) => {
      const { contents, read } = await readAll(reader, join(dataRoot, 'raman_wdf', name));
      const { layout, shape } = contents.series[0]!;
      return { count: read[0]!.frames.length, channels: layout.size, shape, frames: read[0]!.frames };
    };
    expect(await open('renishaw_test_timeseries.wdf')).toMatchObject({ count: 3, channels: 1007 });
    expect(await open('interrupted_acquisition.wdf')).toMatchObject({ count: 12, channels: 1010, shape: null });
    expect(await open('renishaw_test_undefined.wdf')).toMatchObject({ count: 2, channels: 1015 });
    const map = await open('renishaw_test_streamline.wdf');
    expect(map).toMatchObject({ count: 2205, channels: 394, shape: [45, 49] });
    expect(Math.max(...map.frames.map(({ values }) => Math.max(...values)))).toBeCloseTo(28117, -1);
  });
});
