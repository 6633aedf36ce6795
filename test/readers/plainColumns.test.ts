import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import reader from '../../adapters/readers/plainColumns.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { axisOf, createTexts, readFile, realFiles } from './textFiles.ts';

const texts = createTexts(reader);

describe('plain columns', () => {
  it('are an axis and values, whatever separates them', async () => {
    for (const gap of ['\t', ' ', '   ', ',', ', ', ';', ' ; ']) {
      const { reader: name, frames } = await texts.read('a.dat', `# note\n1${gap}10\n2${gap}20\n3${gap}15\n`);
      expect([name, ...frames[0]![0]!.values], JSON.stringify(gap)).toEqual(['plainColumns', 10, 20, 15]);
    }
  });

  it('may have decimal commas beside tabs, semicolons and blanks', async () => {
    for (const gap of ['\t', ';', ' ']) {
      const read = await texts.read('a.txt', ['1,5', '2,5', '3,5'].map((x, i) => `${x}${gap}${i},25`).join('\n'));
      expect(axisOf(read)).toMatchObject({ first: 1.5, last: 3.5 });
      expect([...read.frames[0]![0]!.values]).toEqual([0.25, 1.25, 2.25]);
    }
  });

  it('take names and units from a header, and keep what else it says as facts', async () => {
    const text = 'Sample: LaB6\nTemp (K) = 300.5\nExposure_ms\t200\n2Theta (deg)\tCounts\n10\t5\n11\t6\n12\t4\n';
    const read = await texts.read('a.txt', text);
    expect(axisOf(read)).toEqual({ name: 'twoTheta', unit: 'deg', first: 10, last: 12, channels: 3 });
    expect(read.contents.modality).toBe('XRD');
    expect(read.contents.series[0]!.layout.quantity).toBe('counts');
    expect(read.contents.series[0]!.facts).toMatchObject({ Sample: 'LaB6' });
    expect(read.frames[0]![0]).toMatchObject({
      exposureUs: 200_000,
      numbers: [{ name: 'temperature', value: 300.5, unit: 'K' }],
    });
  });

  it('make variances of a column of errors, by its name or its look, and of no background', async () => {
    const rows = (third: (y: number) => number) =>
      [100, 400, 900].map((y, i) => `${i + 1} ${y} ${third(y)}`).join('\n');
    expect((await texts.read('a.xye', rows(Math.sqrt))).frames[0]![0]!.variances).toEqual(
      Float64Array.of(100, 400, 900),
    );
    expect((await texts.read('a.dat', `x y sigma\n${rows((y) => y)}`)).frames[0]![0]!.variances?.[1]).toBe(160_000);
    const background = await texts.read(
      'a.xy',
      rows((y) => y * 0.99),
    );
    expect(background.frames[0]![0]!.variances).toBeUndefined();
    expect(background.contents.oddities.join()).toContain('third column');
  });

  it('are turned round when the axis descends, with their errors', async () => {
    const read = await texts.read('a.xye', '3 30 3\n2 20 2\n1 10 1\n');
    expect(axisOf(read)).toMatchObject({ first: 1, last: 3 });
    expect([...read.frames[0]![0]!.values, ...read.frames[0]![0]!.variances!]).toEqual([10, 20, 30, 1, 4, 9]);
    expect(read.contents.oddities.join()).toContain('descends');
  });

  it('have bin edges when the last line is a coordinate alone', async () => {
    const read = await texts.read('a.dat', '1 10\n2 20\n3 30\n4\n');
    expect(read.contents.series[0]!.layout).toMatchObject({ size: 3 });
    expect(read.contents.series[0]!.layout.axes[0]).toMatchObject({ placement: 'edge' });
  });

  it('are many spectra when there are many columns', async () => {
    const read = await texts.read('a.csv', 'wavelength (nm),300 K,310 K,320 K\n500,1,2,3\n501,4,5,6\n502,7,8,9\n');
    expect(read.frames[0]!.map(({ values, numbers }) => [...values, numbers[0]!.value])).toEqual([
      [1, 4, 7, 300],
      [2, 5, 8, 310],
      [3, 6, 9, 320],
    ]);
  });

  it('mask what is no number and average points of one coordinate', async () => {
    const read = await texts.read('a.dat', '1 10\n2 nan\n3 30\n3 50\n4 5\n');
    expect([...read.frames[0]![0]!.values]).toEqual([10, NaN, 40, 5]);
    expect([...read.frames[0]![0]!.mask!]).toEqual([0, 1, 0, 0]);
  });

  it('say which line is left out, and refuse a text that is mostly something else', async () => {
    const read = await texts.read(
      'a.dat',
      '1 10\n2 20\n3 30\noops here\n4 40\n5 50\n6 60\n7 70\n8 80\n9 9\n10 1\n11 2\n',
    );
    expect(read.contents.oddities.join()).toContain('line 4');
    await expect(texts.read('b.txt', 'a letter\nto someone\n1 2\n3 4\n5 6\nand more\nand more\n')).rejects.toThrow(
      'b.txt',
    );
    await expect(texts.read('c.txt', '1\n2\n3\n4\n')).rejects.toThrow('c.txt');
  });

  it('are read in UTF-16 and in the code page of Windows too', async () => {
    expect((await texts.read('a.txt', '\ufeff1\t2\r\n2\t3\r\n3\t4\r\n', 'utf16le')).frames[0]![0]!.values[2]).toBe(4);
    expect(axisOf(await texts.read('b.txt', 'Angle [\u00b0]\tI\n1\t2\n2\t3\n3\t4\n', 'latin1')).unit).toBe('deg');
  });

  it('stay honest when they are broken', async () => {
    await texts.expectHonest('# a\n2theta counts\n10.0 5\n10.1 6\n10.2 7\n10.3 8\n', 1);
  });
});

describe('Raman spectra with a header of their own', () => {
  it('of RRUFF have a shift and no name for it', async () => {
    const read = await texts.read('a.txt', '##NAMES=Anatase\n##RRUFFID=R060277\n79.8, 1\n81.7, 2\n83.7, 3\n##END=\n');
    expect([read.reader, axisOf(read).name, read.contents.modality]).toEqual(['rruff', 'ramanShift', 'Raman']);
  });

  it('of B&W Tek are dark subtracted, with all accumulations in the exposure', async () => {
    const head = 'File Version;BWSpec4.11_1\nDate;2021-10-27 15:57:47\nintigration times(ms);3200\naverage number;2\n';
    const names = 'Pixel;Raman Shift;Dark;Raw data #1;Dark Subtracted #1;\n';
    const rows = ['0; ;1,0;5,0;4,0;', '1;100,5;1,0;6,0;5,0;', '2;101,5;1,0;7,0;6,0;', '3;102,5;1,0;8,0;7,0;'];
    const read = await texts.read('a.txt', head + names + rows.join('\n'));
    expect(read.reader).toBe('bwtek');
    expect(axisOf(read)).toEqual({ name: 'ramanShift', unit: 'cm-1', first: 100.5, last: 102.5, channels: 3 });
    expect([...read.frames[0]![0]!.values]).toEqual([5, 6, 7]);
    expect(read.frames[0]![0]).toMatchObject({ exposureUs: 6.4e6, timeUs: Date.UTC(2021, 9, 27, 15, 57, 47) * 1000 });
  });
});

const powder = hasRecording('xrd_vt_lab_5_temperatures');
const coin = hasRecording('xrd_coin_cell_operando');
const raman = hasRecording('raman_reference_formats');

describe('real columns', () => {
  it.skipIf(!powder)('are five powder patterns at five temperatures', async () => {
    for (const path of realFiles('xrd_vt_lab_5_temperatures', /\.xy$/))
      expect(axisOf(await readFile(path))).toMatchObject({ name: 'twoTheta', unit: 'deg', channels: 3962 });
  });

  it.skipIf(!coin)('are patterns of a strip detector with their errors', async () => {
    const read = await readFile(realFiles('xrd_coin_cell_operando', /\.xye$/)[0]!);
    expect(axisOf(read)).toMatchObject({ name: 'twoTheta', first: 2.08, channels: 16553 });
    expect(read.frames[0]![0]!.variances![0]).toBeCloseTo(1288, 3);
  });

  it.skipIf(!raman)('are Raman spectra of nine makers', async () => {
    const root = join(dataRoot, 'raman_reference_formats', 'experimental');
    for (const maker of ['BWTEK', 'Horiba', 'InViaReflex', 'Neegala', 'Renishaw', 'Witec', 'Zolix', 'iRaman', 'rruf'])
      for (const path of realFiles(join('raman_reference_formats', 'experimental', maker), /\.txt$/))
        expect(axisOf(await readFile(path)).channels, path.slice(root.length)).toBeGreaterThan(700);
  });
});
