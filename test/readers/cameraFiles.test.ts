import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import igor from '../../adapters/readers/igorIbw.ts';
import neware from '../../adapters/readers/newareNdax.ts';
import princeton from '../../adapters/readers/princetonSpe.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createByteWriter, createFolder, expectHonestWhenBroken, headOf, readAll, type Folder } from './binaryFiles.ts';

let folder: Folder;
beforeAll(() => void (folder = createFolder()));
afterAll(() => folder.remove());

/** A header of zeros with some numbers in it. */
function spe(
  version: number,
  width: number,
  height: number,
  set: (view: DataView) => void,
  data: Uint8Array,
  footer = '',
) {
  const bytes = new Uint8Array(4100 + data.length + footer.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(42, width, true);
  view.setUint16(656, height, true);
  view.setFloat32(1992, version, true);
  view.setUint16(4098, 0x5555, true);
  set(view);
  bytes.set(data, 4100);
  bytes.set(Buffer.from(footer), 4100 + data.length);
  return bytes;
}

/** Two frames of two rows of three pixels; a wavelength of 500 + 2 i nm at pixel i, counted from 1. */
const winSpec = (count = 2): Uint8Array => {
  const data = createByteWriter();
  for (let i = 0; i < 12; i++) data.u16(i);
  const set = (view: DataView): void => {
    view.setFloat32(10, 0.5, true);
    view.setInt16(108, 3, true);
    view.setInt32(1446, count, true);
    view.setUint8(3098, 1);
    view.setUint8(3100, 2);
    view.setUint8(3101, 1);
    view.setFloat64(3263, 500, true);
    view.setFloat64(3271, 2, true);
  };
  return spe(2.5, 3, 2, set, data.done());
};

const XML = `<SpeFormat version="3.0"><DataFormat><DataBlock type="Frame" count="2" pixelFormat="MonochromeFloating32" size="8"
 stride="16"><DataBlock type="Region" width="2" height="1" size="8" stride="8"/></DataBlock></DataFormat><MetaFormat>
<MetaBlock><TimeStamp event="ExposureStarted" type="Int64" bitDepth="64" resolution="1000"
 absoluteTime="2026-01-01T00:00:00Z"/></MetaBlock></MetaFormat><Calibrations><WavelengthMapping laserLine="532">
<Wavelength>540,539</Wavelength></WavelengthMapping></Calibrations><DataHistories><DataHistory><Origin
 created="2026-01-01T01:00:00+01:00"><ExposureTime type="Double">20</ExposureTime><FramesCombined>3</FramesCombined>
</Origin></DataHistory></DataHistories></SpeFormat>`;

/** Two frames of two pixels, each with the time of its start behind it, in milliseconds. */
const lightField = (): Uint8Array => {
  const data = createByteWriter().f32(1).f32(2).u64(100).f32(3).f32(4).u64(600).done();
  return spe(3, 2, 1, (view) => view.setBigUint64(678, BigInt(4100 + data.length), true), data, XML);
};

const wave = (): Uint8Array => {
  const note = '[SES]\rEnergy Scale=Binding\rStep Time=200\rNumber of Sweeps=2\r';
  const writer = createByteWriter()
    .u16(5)
    .u16(0)
    .u32(320 + 48)
    .u32(0)
    .u32(note.length)
    .zeros(48);
  writer.zeros(12).u32(6).u16(4).zeros(10).text('wave', 32).zeros(8).u32(3).u32(2).u32(0).u32(0);
  writer
    .f64(-0.5)
    .zeros(24)
    .f64(10)
    .zeros(24)
    .zeros(384 - writer.length - 0);
  for (let i = 0; i < 6; i++) writer.f64(i);
  const bytes = writer.text(note).done();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let sum = 0;
  for (let at = 0; at < 384; at += 2) sum += view.getInt16(at, true);
  view.setInt16(2, -sum, true);
  return bytes;
};

describe('the reader of camera files of Princeton Instruments', () => {
  it('gives each row of a WinSpec frame, on the calibrated axis', async () => {
    expect(princeton.recognise(headOf(winSpec(), 'spe'))).toBe('certain');
    expect(princeton.recognise(headOf(new Uint8Array(5000), 'spe'))).toBeNull();
    const { contents, read } = await readAll(princeton, folder.write('a.spe', winSpec()));
    expect(contents.series[0]!.layout.axes[0]).toMatchObject({ name: 'wavelength', unit: 'nm' });
    expect([...contents.series[0]!.layout.axes[0]!.coordinates]).toEqual([502, 504, 506]);
    expect(read[0]!.frames.map(({ values }) => values[0])).toEqual([0, 3, 6, 9]);
    expect(read[0]!.frames[1]).toMatchObject({ exposureUs: 500_000, numbers: [{ name: 'row', value: 1 }] });
  });

  it('gives of a file that is cut short what is complete, and says so', async () => {
    const { contents, read } = await readAll(princeton, folder.write('b.spe', winSpec(5)));
    expect(read[0]!.frames).toHaveLength(4);
    expect(contents.oddities).toEqual(['the file is cut short: 2 of 5 frames']);
  });

  it('takes axis, times and exposure from what LightField writes behind the data', async () => {
    const { contents, read } = await readAll(princeton, folder.write('c.spe', lightField()));
    expect(contents.series[0]).toMatchObject({ frameCount: 2, facts: { laser: '532 nm' } });
    expect([...contents.series[0]!.layout.axes[0]!.coordinates]).toEqual([539, 540]);
    expect(read[0]!.frames.map(({ values }) => [...values])).toEqual([
      [2, 1],
      [4, 3],
    ]);
    expect(read[0]!.frames[1]).toMatchObject({
      seconds: 0.5,
      timeUs: Date.UTC(2026, 0, 1) * 1000 + 600_000,
      exposureUs: 60_000,
    });
  });

  it('survives cuts and wrong bytes', async () => {
    await expectHonestWhenBroken(princeton, folder, winSpec(), 31);
    await expectHonestWhenBroken(princeton, folder, lightField(), 31);
  });

  it.skipIf(!hasRecording('raman_reference_formats'))('reads a real file of LightField', async () => {
    const path = join(dataRoot, 'raman_reference_formats/experimental/PrincetonInstruments/S0N_50x.spe');
    const { contents, read } = await readAll(princeton, path);
    expect(contents.series[0]).toMatchObject({ frameCount: 1, layout: { size: 1340, axes: [{ unit: 'nm' }] } });
    expect(read[0]!.frames[0]!.exposureUs).toBe(180e6);
  });
});

describe('the reader of Igor waves', () => {
  it('reads columns as spectra, and the note of a Scienta analyser', async () => {
    expect(igor.recognise(headOf(wave(), 'ibw'))).toBe('certain');
    const { contents, read } = await readAll(igor, folder.write('a.ibw', wave()));
    expect(contents).toMatchObject({ modality: 'XPS' });
    expect(contents.series[0]!.layout.axes[0]).toMatchObject({ name: 'bindingEnergy', unit: 'eV' });
    expect([...contents.series[0]!.layout.axes[0]!.coordinates]).toEqual([9, 9.5, 10]);
    expect(read[0]!.frames.map(({ values }) => [...values])).toEqual([
      [2, 1, 0],
      [5, 4, 3],
    ]);
    expect(read[0]!.frames[0]!.exposureUs).toBe(400_000);
  });

  it('survives cuts and wrong bytes', () => expectHonestWhenBroken(igor, folder, wave(), 3));

  it.skipIf(!hasRecording('xps_specs_repeated_scans'))('reads a real wave', async () => {
    const path = join(dataRoot, 'xps_specs_repeated_scans/Cu-HHTP_0002Cu-HHTP__002.ibw');
    const { contents } = await readAll(igor, path);
    expect(contents.series[0]).toMatchObject({
      frameCount: 1,
      layout: { size: 301, axes: [{ name: 'bindingEnergy' }] },
    });
  });
});

describe('the reader of Neware files', () => {
  it('refuses them and says what to do', async () => {
    const bytes = Buffer.from('PK\x03\x04 VersionInfo.xml', 'latin1');
    expect(neware.recognise(headOf(bytes, 'ndax'))).toBe('certain');
    await expect(neware.open({ path: 'a.ndax' })).rejects.toThrow('a.ndax: Neware ndax: not read; export CSV');
  });
});
