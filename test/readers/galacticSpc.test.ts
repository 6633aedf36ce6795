import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import reader from '../../adapters/readers/galacticSpc.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createByteWriter, createFolder, expectHonestWhenBroken, headOf, readAll, type Folder } from './binaryFiles.ts';

let folder: Folder;
beforeAll(() => void (folder = createFolder()));
afterAll(() => folder.remove());

interface Form {
  readonly flags?: number;
  readonly exponent?: number;
  readonly channels?: number;
  readonly range?: readonly [number, number];
  readonly count?: number;
}

const DATE = (2026 << 20) | (1 << 16) | (2 << 11) | (3 << 6) | 4;
const header = ({ flags = 0, exponent = 0x80, channels = 3, range = [100, 300], count = 1 }: Form) => {
  const writer = createByteWriter().u8(flags).u8(0x4b).u8(0).u8(exponent).u32(channels).f64(range[0]).f64(range[1]);
  writer.u32(count).u8(13).u8(4).u8(5).u8(0).u32(DATE).zeros(52).text('laser 532 nm', 130);
  return writer.zeros(512 - writer.length);
};
type Writer = ReturnType<typeof createByteWriter>;
const head = (writer: Writer, exponent: number, time: number, length = 0): Writer =>
  writer.u8(0).u8(exponent).u16(0).f32(time).zeros(8).u32(length).zeros(12);

const single = (): Uint8Array => head(header({}), 0, 0).f32(1).f32(2).f32(3).done();

/** Two spectra, minutes apart, with a list of coordinates for both; integers of 16 bits times 2^(4 - 16). */
const series = (): Uint8Array => {
  const writer = header({ flags: 0x01 | 0x04 | 0x80, count: 2 })
    .f32(300)
    .f32(150)
    .f32(100);
  head(writer, 4, 1).u16(4096).u16(8192).u16(0);
  return head(writer, 4, 3).u16(4096).u16(4096).u16(4096).done();
};

/** Two spectra with an axis of their own each. */
const uneven = (): Uint8Array => {
  const writer = header({ flags: 0x04 | 0x40 | 0x80, channels: 0, count: 2 });
  head(writer, 0x80, 0, 2).f32(10).f32(20).f32(1).f32(2);
  return head(writer, 0x80, 1, 3).f32(10).f32(20).f32(30).f32(4).f32(5).f32(6).done();
};

describe('the reader of SPC files', () => {
  it('reads a single spectrum with an even axis', async () => {
    expect(reader.recognise(headOf(single(), 'spc'))).toBe('certain');
    expect(reader.recognise(headOf(new Uint8Array(600), 'spc'))).toBeNull();
    const { contents, read } = await readAll(reader, folder.write('a.spc', single()));
    expect(contents).toMatchObject({ format: 'Galactic SPC', modality: 'Raman' });
    expect(contents.series[0]!.facts).toMatchObject({ laser: '532 nm', acquired: '2026-01-02 03:04' });
    expect([...contents.series[0]!.layout.axes[0]!.coordinates]).toEqual([100, 200, 300]);
    expect([...read[0]!.frames[0]!.values]).toEqual([1, 2, 3]);
  });

  it('reads a series of scaled integers on a listed axis that descends', async () => {
    const { contents, read } = await readAll(reader, folder.write('b.spc', series()));
    expect(contents.series[0]!.frameCount).toBe(2);
    expect([...contents.series[0]!.layout.axes[0]!.coordinates]).toEqual([100, 150, 300]);
    expect(read[0]!.frames.map(({ values }) => [...values])).toEqual([
      [0, 2, 1],
      [1, 1, 1],
    ]);
    expect(read[0]!.frames.map(({ seconds }) => seconds)).toEqual([0, 120]);
  });

  it('reads spectra that have an axis each', async () => {
    const { read } = await readAll(reader, folder.write('c.spc', uneven()));
    expect(read[0]!.frames.map(({ layout }) => [...layout.axes[0]!.coordinates])).toEqual([
      [10, 20],
      [10, 20, 30],
    ]);
    expect(read[0]!.frames.map(({ values }) => [...values])).toEqual([
      [1, 2],
      [4, 5, 6],
    ]);
  });

  it('survives any cut and any wrong byte', async () => {
    await expectHonestWhenBroken(reader, folder, single(), 3);
    await expectHonestWhenBroken(reader, folder, series(), 3);
    await expectHonestWhenBroken(reader, folder, uneven(), 3);
  });

  it.skipIf(!hasRecording('raman_reference_formats'))('reads files of four makers', async () => {
    const sizeOf = async (name: string) => {
      const { contents } = await readAll(reader, join(dataRoot, 'raman_reference_formats/experimental', name));
      const { layout } = contents.series[0]!;
      return [layout.axes[0]!.name, layout.axes[0]!.unit, layout.size];
    };
    expect(await sizeOf('BWTEK/PST10_iR532_Probe_100_3000msx7.spc')).toEqual(['ramanShift', 'cm-1', 3808]);
    expect(await sizeOf('InViaReflex/PST_Reflex532_Z050_010_10000msx2.spc')).toEqual(['ramanShift', 'cm-1', 2578]);
    expect(await sizeOf('Renishaw/nCal_Qontor785_z005H12_100_1x3s.spc')).toEqual(['ramanShift', 'cm-1', 1021]);
    expect(await sizeOf('Witec/PST_WITEcAlpha532_100x_075_10000ms_000_Spec.Data 1.spc')).toEqual([
      'ramanShift',
      'cm-1',
      1600,
    ]);
  });
});
