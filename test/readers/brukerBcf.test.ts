import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import reader from '../../adapters/readers/brukerBcf.ts';
import { unpackSpectrum } from '../../adapters/readers/bruker/pixel.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createByteWriter, createFolder, expectHonestWhenBroken, headOf, readAll, type Folder } from './binaryFiles.ts';

let folder: Folder;
beforeAll(() => void (folder = createFolder()));
afterAll(() => folder.remove());

const CHUNK = 1056;
const USABLE = CHUNK - 32;

/** A container of files: chunk 0 is its header, chunk 1 the list, then of each file its table and its chunks. */
function container(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const chunks: Uint8Array[] = [];
  const list = createByteWriter();
  for (const [name, bytes] of Object.entries(files)) {
    const count = Math.ceil(bytes.length / USABLE);
    const table = 2 + chunks.length;
    const places = createByteWriter();
    for (let i = 0; i < count; i++) places.u32(table + 1 + i);
    chunks.push(places.done());
    for (let i = 0; i < count; i++) chunks.push(bytes.subarray(i * USABLE, (i + 1) * USABLE));
    list.u32(table).u64(bytes.length).zeros(208).u8(0).zeros(3).text(name, 256).zeros(32);
  }
  const header = createByteWriter()
    .zeros(8)
    .u32(1)
    .u32(Object.keys(files).length)
    .u32(2 + chunks.length);
  const file = createByteWriter().text('AAMVHFSS', 0x118);
  [header.done(), list.done(), ...chunks].forEach((chunk, i) => {
    file
      .zeros(16)
      .u32(i === 0 ? CHUNK : 0)
      .zeros(12)
      .bytes(chunk)
      .zeros(USABLE - chunk.length);
  });
  return file.done();
}

const packed = (bytes: Uint8Array): Uint8Array => {
  const half = Math.ceil(bytes.length / 2);
  const writer = createByteWriter()
    .text('AACS')
    .u32(half)
    .u32(0)
    .u32(2)
    .zeros(0x80 - 16);
  for (const part of [bytes.subarray(0, half), bytes.subarray(half)]) {
    const block = deflateSync(part);
    writer.u32(block.length).zeros(12).bytes(block);
  }
  return writer.done();
};

const XML = `<?xml version="1.0" encoding="WINDOWS-1252"?><TRTSpectrumDatabase><ClassInstance Type="TRTSpectrumDatabase"
 Name="map"><Header><Date>1.4.2016</Date><Time>18:5:10</Time></Header><ClassInstance Type="TRTSEMData"><HV>20</HV>
<DX>0.5</DX><DY>0.25</DY></ClassInstance><ClassInstance Type="TRTDSPConfiguration"><PixelAverage>16</PixelAverage>
<LineAverage>2</LineAverage><PixelTime>2</PixelTime></ClassInstance><LineCounter>3,2,0</LineCounter><SpectrumData0>
<ClassInstance Type="TRTSpectrum"><ClassInstance Type="TRTSpectrumHeader"><CalibAbs>-1E-1</CalibAbs>
<CalibLin>1E-2</CalibLin></ClassInstance><Channels>0,0,0,0</Channels></ClassInstance></SpectrumData0></ClassInstance>
</TRTSpectrumDatabase>`;

type Writer = ReturnType<typeof createByteWriter>;
const pixel = (
  writer: Writer,
  column: number,
  flag: number,
  pulses: number,
  bytes: Uint8Array,
  more?: number[],
): void => {
  const length = bytes.length + (more === undefined ? 0 : 4);
  writer.u32(column).u16(4).u16(4).u32(0).u16(flag).u16(0).u16(pulses).u32(length).bytes(bytes);
  if (more === undefined) return;
  writer.u32(2 * more.length);
  for (const channel of more) writer.u16(channel);
};

/** Three rows of two pixels, the last never scanned; every packing once. */
function spectra(): Uint8Array {
  const writer = createByteWriter()
    .u32(3)
    .u32(2)
    .zeros(0x1a0 - 8);
  writer.u32(2);
  pixel(writer, 0, 0, 0, createByteWriter().u16(1).u16(1).u16(3).u16(900).done());
  // Channels 2, 3 and 3 in 12 bits: 002 003 003, the bytes of each word swapped.
  pixel(writer, 1, 1, 3, Uint8Array.of(0x20, 0x00, 0x00, 0x03, 0x00, 0x30));
  writer.u32(1);
  pixel(writer, 1, 2, 1, Uint8Array.of(0, 1, 1, 2, 5, 0x21, 2, 1, 100, 0, 7), [0]);
  writer.u32(0);
  return writer.done();
}

const files = (pack = false) => ({
  HeaderData: pack ? packed(Buffer.from(XML)) : Buffer.from(XML),
  SpectrumData0: pack ? packed(spectra()) : spectra(),
});

describe('the reader of Bruker files', () => {
  it.each([false, true])('unpacks every pixel, compressed %s', async (pack) => {
    const bytes = container(files(pack));
    expect(reader.recognise(headOf(bytes, 'bcf'))).toBe('certain');
    const { contents, read } = await readAll(reader, folder.write('a.bcf', bytes));
    expect(contents.series[0]).toMatchObject({ name: '', frameCount: 4, shape: [2, 2], facts: { beam: '20 kV' } });
    const { axes, noise } = contents.series[0]!.layout;
    expect(axes[0]).toMatchObject({ name: 'energy', unit: 'keV' });
    expect(axes[0]!.coordinates[3]).toBeCloseTo(-0.07, 12);
    expect(noise).toBe('poisson');
    expect(read[0]!.frames.map(({ values }) => [...values])).toEqual([
      [0, 2, 0, 1],
      [0, 0, 1, 2],
      [0, 0, 0, 0],
      [1, 6, 7, 107],
    ]);
    expect(read[0]!.frames.map(({ exposureUs }) => exposureUs)).toEqual([192, 192, 128, 128]);
    expect(read[0]!.frames[3]!.numbers).toEqual([
      { name: 'x', value: 0.5, unit: 'um' },
      { name: 'y', value: 0.25, unit: 'um' },
    ]);
  });

  it('says that rows are missing, and that they were scanned unequally often', async () => {
    const { contents } = await readAll(reader, folder.write('b.bcf', container(files())));
    expect(contents.oddities[0]).toMatch(/interrupted: 2 of 3 rows/);
    expect(contents.oddities[1]).toMatch(/scanned 3, 2 times/);
  });

  it('begins in the middle of the map when told to', async () => {
    const contents = await reader.open({ path: folder.write('c.bcf', container(files())) });
    const frames = contents.series[0]!.frames(3) as Iterable<{ values: Float64Array }>;
    expect(Array.from(frames, ({ values }) => values[3])).toEqual([107]);
    contents.close();
  });

  it('adds wide numbers of instructions', () => {
    const target = new Float64Array(5);
    const bytes = Uint8Array.of(0, 1, 4, 1, 0, 0, 1, 0, 2, 0, 8, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0);
    unpackSpectrum(2, new DataView(bytes.buffer), 0, target);
    expect([...target]).toEqual([0, 65538, 131073, 0, 0]);
  });

  it('names what is missing or reaches too far', async () => {
    const open = (entries: Record<string, Uint8Array>) => readAll(reader, folder.write('d.bcf', container(entries)));
    const { HeaderData, SpectrumData0 } = files();
    await expect(open({ HeaderData })).rejects.toThrow(/no SpectrumData/);
    await expect(open({ SpectrumData0 })).rejects.toThrow(/no HeaderData/);
    await expect(open({ HeaderData, SpectrumData0: SpectrumData0.subarray(0, 430) })).rejects.toThrow(
      /'SpectrumData0' ends at byte 430, in row 0/,
    );
    const bomb = packed(Buffer.alloc(100_000)).slice();
    new DataView(bomb.buffer).setUint32(4, 1000, true);
    await expect(open({ HeaderData, SpectrumData0: bomb })).rejects.toThrow(
      /block 0 of 'SpectrumData0' cannot be unpacked/,
    );
  });

  it('survives any cut and any wrong byte', async () => {
    await expectHonestWhenBroken(reader, folder, container(files()), 23);
    await expectHonestWhenBroken(reader, folder, container(files(true)), 29);
  });

  it.skipIf(!hasRecording('edx_bcf'))('reads what Esprit really writes', async () => {
    const open = async (name: string) => {
      const { contents, read } = await readAll(reader, join(dataRoot, 'edx_bcf', name));
      const totals = read[0]!.frames.map(({ values }) => values.reduce((a, b) => a + b, 0));
      const { shape, layout } = contents.series[0]!;
      return { shape, channels: layout.size, totals, mean: totals.reduce((a, b) => a + b, 0) / totals.length };
    };
    const job = await open('P45_the_default_job.bcf');
    expect(job).toMatchObject({ shape: [75, 100], channels: 2048 });
    expect(job.mean).toBeCloseTo(22.1, 1);
    const map = await open('bcf_v2_50x50px.bcf');
    expect(map).toMatchObject({ shape: [50, 50] });
    expect(map.mean).toBeCloseTo(379.9, 1);
    expect((await open('test_TEM.bcf')).mean).toBeCloseTo(6.35, 2);
  });
});
