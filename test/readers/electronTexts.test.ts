import { describe, expect, it } from 'vitest';
import emsa from '../../adapters/readers/emsa.ts';
import phiSpe from '../../adapters/readers/phiSpe.ts';
import scientaTxt from '../../adapters/readers/scientaTxt.ts';
import specsXy from '../../adapters/readers/specsXy.ts';
import vamas from '../../adapters/readers/vamas.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createByteWriter, createFolder, expectHonestWhenBroken, readAll } from './binaryFiles.ts';
import { axisOf, createTexts, readFile, realFiles } from './textFiles.ts';

describe('EMSA/MAS', () => {
  const texts = createTexts(emsa);
  const msa = (more: string, data: string) =>
    `#FORMAT      : EMSA/MAS Spectral Data File\n#VERSION     : 1.0\n#DATE        : 15-FEB-2022\n#TIME        : 13:54\n#NPOINTS     : 4.0\n#XPERCHAN    : 0.01\n#OFFSET      : -0.2\n#CHOFFSET    : 20.0\n${more}#SPECTRUM    : Spectral Data Starts Here\n${data}#ENDOFDATA   :\n`;
  const eds = msa(
    '#XUNITS : keV\n#YUNITS : counts\n#DATATYPE : Y\n#SIGNALTYPE  : EDS\n#LIVETIME  -s: 12.5\n',
    '1., 2.,\n3., 4.,\n',
  );

  it('is values alone, from the offset on, as counts of the live time', async () => {
    const read = await texts.read('a.msa', eds);
    expect([read.reader, read.contents.modality]).toEqual(['emsa', 'EDX']);
    expect(axisOf(read)).toMatchObject({ name: 'energy', unit: 'keV', first: -0.2, channels: 4 });
    expect(read.contents.series[0]!.layout).toMatchObject({ quantity: 'counts', noise: 'poisson' });
    expect([...read.frames[0]![0]!.values]).toEqual([1, 2, 3, 4]);
    expect(read.frames[0]![0]).toMatchObject({ exposureUs: 12.5e6, timeUs: Date.UTC(2022, 1, 15, 13, 54) * 1000 });
  });

  it('is pairs of an energy loss and an intensity', async () => {
    const pairs = msa('#XUNITS : eV\n#DATATYPE : XY\n#SIGNALTYPE : ELS\n', '100, 1.5\n101, 2.5\n102, 3.5\n103, 4.5\n');
    const read = await texts.read('a.msa', pairs);
    expect(read.contents.modality).toBe('EELS');
    expect(axisOf(read)).toEqual({ name: 'energyLoss', unit: 'eV', first: 100, last: 103, channels: 4 });
  });

  it('says when points are missing or more are declared, and refuses words among them', async () => {
    const cut = await texts.read('a.msa', eds.slice(0, -24));
    expect(cut.contents.oddities.join()).toMatch(/4 points, the file [23]/);
    const many = await texts.read('b.msa', eds.replace('4.0', '999999999999'));
    expect(many.frames[0]![0]!.values).toHaveLength(4);
    await expect(texts.read('c.msa', eds.replace('3., 4.', '3., four'))).rejects.toThrow(/c\.msa: line 16: 'four'/);
  });

  it('stays honest when it is broken', () => texts.expectHonest(eds, 3));
});

/** A VAMAS file of `blocks` repeats of one region with the counts 1, 2, 3. */
function vms({ blocks = 1, isRegular = true, values = '3' } = {}): string {
  const head = [
    'VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4',
    'here',
    'a',
    'b',
    'c',
    1,
    'a comment',
    'NORM',
    isRegular ? 'REGULAR' : 'IRREGULAR',
    1,
    1,
    'cycle',
    'd',
    0,
    0,
    0,
    0,
    blocks,
  ];
  const block = (k: number) => [
    `block ${k}`,
    'sample',
    2023,
    8,
    24,
    14,
    19,
    47 + k,
    2,
    1,
    'a comment',
    'XPS',
    k,
    'Al',
    1486.61,
    0,
    0,
    0,
    54.5,
    180,
    'FAT',
    100,
    1,
    4.1,
    0,
    0,
    0,
    0,
    0,
    'C',
    '1s',
    -1,
  ];
  const axis = ['kinetic energy', 'eV', 1190, 0.5];
  const columns = isRegular ? [1, 'counts', 'd'] : [2, 'kinetic energy', 'eV', 'counts', 'd'];
  const rest = ['pulse counting', 0.1, 4, 0, 0, 0, 0, 0];
  const numbers = isRegular ? [values, 1, 3, 1, 2, 3] : [6, 1190, 1191, 1, 3, 1190, 1, 1190.5, 2, 1191, 3];
  const all = Array.from({ length: blocks }, (_, k) => [
    ...block(k),
    ...(isRegular ? axis : []),
    ...columns,
    ...rest,
    ...numbers,
  ]);
  return [...head, ...all.flat(), 'end of experiment', ''].join('\r\n');
}

describe('VAMAS', () => {
  const texts = createTexts(vamas);

  it('is counts on steps, a frame per block of a region, at their times', async () => {
    const read = await texts.read('a.vms', vms({ blocks: 3 }));
    expect([read.reader, read.contents.modality, read.contents.series.length]).toEqual(['vamas', 'XPS', 1]);
    expect(axisOf(read)).toEqual({ name: 'kineticEnergy', unit: 'eV', first: 1190, last: 1191, channels: 3 });
    expect(read.frames[0]!.map(({ values, seconds, exposureUs }) => [...values, seconds, exposureUs])).toEqual([
      [1, 2, 3, 0, 400_000],
      [1, 2, 3, 1, 400_000],
      [1, 2, 3, 2, 400_000],
    ]);
    expect(read.frames[0]![0]!.timeUs).toBe(Date.UTC(2023, 7, 24, 12, 19, 47) * 1000);
    expect(read.frames[0]![2]!.numbers).toEqual([{ name: 'cycle', value: 2, unit: '1' }]);
  });

  it('has the axis among its variables when it is irregular', async () => {
    const read = await texts.read('a.vms', vms({ isRegular: false }));
    expect(axisOf(read)).toMatchObject({ name: 'kineticEnergy', first: 1190, last: 1191, channels: 3 });
    expect([...read.frames[0]![0]!.values]).toEqual([1, 2, 3]);
  });

  it('names the line where it ends, and refuses more values than it has lines', async () => {
    await expect(texts.read('a.vms', vms().slice(0, 300))).rejects.toThrow(/a\.vms: line \d+/);
    await expect(texts.read('b.vms', vms({ values: '4000000' }))).rejects.toThrow(/4000000 values are declared/);
    await expect(texts.read('c.vms', vms({ values: '1e300' }))).rejects.toThrow(/c\.vms: line \d+/);
  });

  it('stays honest when it is broken', () => texts.expectHonest(vms(), 4));

  it.skipIf(!hasRecording('xps_specs_repeated_scans'))('of real surveys, regular and irregular', async () => {
    for (const path of realFiles('xps_specs_repeated_scans', /\.vms$/))
      expect(axisOf(await readFile(path))).toMatchObject({
        name: 'kineticEnergy',
        unit: 'eV',
        first: 136.61,
        channels: 1351,
      });
  });
});

describe('SPECS Prodigy', () => {
  const texts = createTexts(specsXy);
  const scan = (cycle: number, at: string, first: number) =>
    `# Cycle: ${cycle}\n#\n# Parameter: "Loop" = ${cycle + 1}\n# Number of Scans: 1\n\n# Cycle: ${cycle}, Curve: 0, Scan: 0\n#\n# Acquisition Date:             08/24/23 ${at} UTC\n# ColumnLabels:                 energy counts/s\n#\n290  ${first}\n289  ${first + 1}\n288  ${first + 2}\n\n`;
  const region = (name: string) =>
    `# Region:                       ${name}\n# Spectrum ID:                  1\n# Dwell Time:                   0.3\n# Excitation Energy:            1486.61\n\n`;
  const xy = `# Created by:        SpecsLab Prodigy, Version 4.100.1 \n#   Energy Axis:              Binding Energy\n#   Count Rate:               Counts per Second\n# Group:                        1\n${region('C1s')}${scan(0, '14:00:00', 10)}${scan(1, '14:05:00', 20)}${region('C1s')}${scan(0, '15:00:00', 30)}`;

  it('has a series per region and a frame per cycle, in ascending binding energy', async () => {
    const read = await texts.read('a.xy', xy);
    expect([read.reader, ...read.contents.series.map(({ name, frameCount }) => `${name}: ${frameCount}`)]).toEqual([
      'specsXy',
      'C1s: 2',
      'C1s (2): 1',
    ]);
    expect(axisOf(read)).toEqual({ name: 'bindingEnergy', unit: 'eV', first: 288, last: 290, channels: 3 });
    expect(read.frames[0]!.map(({ values, seconds }) => [...values, seconds])).toEqual([
      [12, 11, 10, 0],
      [22, 21, 20, 300],
    ]);
    expect(read.frames[0]![1]).toMatchObject({ exposureUs: 300_000, timeUs: Date.UTC(2023, 7, 24, 14, 5) * 1000 });
    expect(read.frames[0]![1]!.numbers).toContainEqual({ name: 'Loop', value: 2, unit: '1' });
  });

  it('stays honest when it is broken', () => texts.expectHonest(xy, 9));

  it.skipIf(!hasRecording('xps_specs_repeated_scans'))('of a real ferrite has 30 regions', async () => {
    const read = await readFile(realFiles('xps_specs_repeated_scans', /\.xy$/)[0]!);
    expect(read.contents.series).toHaveLength(30);
    expect(axisOf(read, 2)).toMatchObject({ name: 'bindingEnergy', unit: 'eV', channels: 1351 });
    expect(read.frames.flat()).toHaveLength(294);
  });
});

describe('PHI SmartSoft', () => {
  const header =
    'SOFH\r\nTechnique: XPS\r\nFileType:  SPECTRUM\r\nAcqFileDate: 2024 1 22\r\nNoSpectralReg: 1\r\nSpectralRegDef: 1 1 C1s 6 3 -0.5000 290.0000 289.0000 0 0 0.12 55.0 AREA\r\nEOFH\r\n';
  const data = createByteWriter().u32(1).u32(1).u32(96).u32(16).u32(1).u32(1).u32(1).u32(1).u32(1).u32(3).u32(1).u32(1);
  data
    .text('pnt', 4)
    .u32(1)
    .text('sar', 4)
    .zeros(8)
    .u32(1)
    .text('c/s', 4)
    .zeros(12)
    .text('f4', 4)
    .u32(12)
    .u32(112)
    .zeros(12);
  const file = Buffer.concat([Buffer.from(header), data.f32(10).f32(20).f32(30).done()]);

  it('has the regions of its header with the floats behind it, and survives any cut', async () => {
    const folder = createFolder();
    try {
      const { contents, read } = await readAll(phiSpe, folder.write('a.spe', file));
      expect(contents.series[0]!.layout).toMatchObject({ size: 3, quantity: 'countRate', unit: 's-1' });
      expect([...contents.series[0]!.layout.axes[0]!.coordinates]).toEqual([289, 289.5, 290]);
      expect([...read[0]!.frames[0]!.values]).toEqual([30, 20, 10]);
      expect(read[0]!.frames[0]!.exposureUs).toBe(120_000);
      await expectHonestWhenBroken(phiSpe, folder, new Uint8Array(file), 2);
    } finally {
      folder.remove();
    }
  });

  it.skipIf(!hasRecording('xps_specs_repeated_scans'))('of tin oxide is a survey of 1751 points', async () => {
    const read = await readFile(realFiles('xps_specs_repeated_scans', /\.spe$/)[0]!);
    expect(axisOf(read)).toEqual({
      name: 'bindingEnergy',
      unit: 'eV',
      first: expect.closeTo(0, 6) as number,
      last: 1400,
      channels: 1751,
    });
  });
});

describe('Scienta SES', () => {
  const texts = createTexts(scientaTxt);
  const region = (k: number, name: string) =>
    `[Region ${k}]\r\nRegion Name=${name}\r\nDimension 1 name=Binding Energy [eV]\r\nDimension 1 scale=12 11 10\r\n\r\n[Info ${k}]\r\nNumber of Sweeps=2\r\nDate=2023-03-08\r\nTime=11:17:15\r\nStep Time=203\r\n\r\n[Data ${k}]\r\n 12 1\r\n 11 2\r\n 10 3\r\n`;
  const text = `[Info]\r\nNumber of Regions=2\r\n\r\n${region(1, 'C1s')}${region(2, 'O1s')}`;

  it('has a series per region', async () => {
    const read = await texts.read('a.txt', text);
    expect([read.reader, ...read.contents.series.map(({ name }) => name)]).toEqual(['scientaTxt', 'C1s', 'O1s']);
    expect(axisOf(read)).toEqual({ name: 'bindingEnergy', unit: 'eV', first: 10, last: 12, channels: 3 });
    expect(read.frames[1]![0]).toMatchObject({ values: Float64Array.of(3, 2, 1), exposureUs: 406_000 });
  });

  it('stays honest when it is broken', () => texts.expectHonest(text, 5));
});
