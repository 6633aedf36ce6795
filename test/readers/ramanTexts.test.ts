import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import labSpec from '../../adapters/readers/labSpec.ts';
import longTable from '../../adapters/readers/longTable.ts';
import witecText from '../../adapters/readers/witecText.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { axisOf, createTexts, readFile, realFiles } from './textFiles.ts';

const shifts = Array.from({ length: 8 }, (_, i) => 100 + 2 * i);
const row = (lead: string, first: number) => `${lead}${shifts.map((_, i) => first + i).join('\t')}\n`;

describe('LabSpec rows', () => {
  const texts = createTexts(labSpec);
  const series = `#Acq. time (s)=\t2\n#Accumulations=\t3\n#Date=\t14.02.2019 10:41:00\n\t${shifts.join('\t')}\n${row('0\t', 10)}${row('6.5\t', 20)}`;

  it('are a series over time, with the exposure of all accumulations', async () => {
    const read = await texts.read('a.txt', series);
    expect([read.reader, read.contents.modality]).toEqual(['labSpec', 'Raman']);
    expect(axisOf(read)).toEqual({ name: 'ramanShift', unit: 'cm-1', first: 100, last: 114, channels: 8 });
    expect(read.frames[0]!.map(({ seconds, values }) => [seconds, values[0]])).toEqual([
      [0, 10],
      [6.5, 20],
    ]);
    expect(read.frames[0]![1]).toMatchObject({ exposureUs: 6e6, timeUs: Date.UTC(2019, 1, 14, 10, 41, 6, 500) * 1000 });
  });

  it('are a map with two numbers before the values', async () => {
    const read = await texts.read('a.txt', `#Laser=\t532\n\t\t${shifts.join('\t')}\n${row('1\t-2\t', 10)}`);
    expect(read.frames[0]![0]!.numbers).toEqual([
      { name: 'x', value: 1, unit: 'um' },
      { name: 'y', value: -2, unit: 'um' },
    ]);
  });

  it('that are cut short are faults that name the line, and the others are kept', async () => {
    const read = await texts.read('a.txt', `${series}13\t1\t2\n${row('20\t', 30)}`);
    expect(read.faults).toEqual([expect.stringMatching(/a\.txt: line 7: 3 numbers, expected 9/)]);
    expect(read.frames[0]!.map(({ seconds }) => seconds)).toEqual([0, 6.5, 20]);
  });

  it('begin where they are told', async () => {
    const contents = await labSpec.open({ path: texts.write('a.txt', series) });
    const seconds = [];
    for await (const frame of contents.series[0]!.frames(1)) if (!('fault' in frame)) seconds.push(frame.seconds);
    expect(seconds).toEqual([6.5]);
  });

  it('stay honest when they are broken', () => texts.expectHonest(series, 3));

  it.skipIf(!hasRecording('raman_labspec_long_series'))('of 47 hours and of a series that stopped early', async () => {
    const [long, short] = realFiles('raman_labspec_long_series', /\.txt$/);
    const read = await readFile(long!);
    expect(axisOf(read)).toEqual({ name: 'ramanShift', unit: 'cm-1', first: 198.15, last: 1693.42, channels: 1024 });
    expect(read.frames[0]!).toHaveLength(532);
    expect(read.frames[0]!.at(-1)!).toMatchObject({ seconds: 169187, exposureUs: 300e6 });
    const stopped = await readFile(short!);
    expect(stopped.frames[0]!).toHaveLength(168);
    expect(stopped.frames[0]![110]!.values.every((value) => value === 0)).toBe(true);
  });
});

describe('WITec tables', () => {
  const texts = createTexts(witecText);
  const table = `X-Axis\tMap_F(0/0)\tMap_F(1/0)\r\nrel. 1/cm\tCCD cts\tCCD cts\r\n100.5\t10\t20\r\n101.5\t11\t21\r\n102.5\t12\t22\r\n`;

  it('are a column per spectrum, with its place in the map', async () => {
    const read = await texts.read('a.txt', table);
    expect([read.reader, read.contents.series[0]!.shape]).toEqual(['witecText', [1, 2]]);
    expect(axisOf(read)).toEqual({ name: 'ramanShift', unit: 'cm-1', first: 100.5, last: 102.5, channels: 3 });
    expect([...read.frames[0]![1]!.values]).toEqual([20, 21, 22]);
    expect(read.frames[0]![1]!.numbers[0]).toEqual({ name: 'x', value: 1, unit: '1' });
  });

  it('stay honest when they are broken', () => texts.expectHonest(table, 3));

  it.skipIf(!hasRecording('raman_witec_si_timeseries_null'))(
    'of silicon are 100 spectra, and a map of 5 by 5',
    async () => {
      const [map, series] = realFiles('raman_witec_si_timeseries_null', /_full\.txt$/);
      const read = await readFile(series!);
      expect(axisOf(read)).toMatchObject({ name: 'ramanShift', unit: 'cm-1', first: 87.7367, channels: 1024 });
      expect(read.frames[0]!).toHaveLength(100);
      expect((await readFile(map!)).contents.series[0]!.shape).toEqual([5, 5]);
    },
  );
});

describe('long tables', () => {
  const texts = createTexts(longTable);
  const rows = [0, 1.5, 3].flatMap((t) => [30, 20, 10].map((x) => `${t}\t${x}\t${t + x}`)).join('\n');

  it('are a spectrum for each time, turned round where the axis descends', async () => {
    const read = await texts.read('a.txt', `${rows}\n`);
    expect(read.reader).toBe('longTable');
    expect(read.frames[0]!.map(({ seconds, values }) => [seconds, ...values])).toEqual([
      [0, 10, 20, 30],
      [1.5, 11.5, 21.5, 31.5],
      [3, 13, 23, 33],
    ]);
  });

  it('are a map where their header names two positions', async () => {
    const points = [0, 1].flatMap((x) => [100, 101, 102, 103].map((shift) => `${x}\t5\t${shift}\t7`)).join('\n');
    const read = await texts.read('a.txt', `#X\t\t#Y\t\t#Wave\t\t#Intensity\n${points}\n`);
    expect(axisOf(read)).toMatchObject({ name: 'ramanShift', unit: 'cm-1', channels: 4 });
    expect(read.frames[0]!.map(({ numbers }) => numbers.map(({ name, value }) => [name, value]))).toEqual([
      [
        ['x', 0],
        ['y', 5],
      ],
      [
        ['x', 1],
        ['y', 5],
      ],
    ]);
  });

  it('stay honest when they are broken', () => texts.expectHonest(rows, 2));

  it.skipIf(!hasRecording('laser_emission_timeseries'))(
    'of a laser are 84 spectra of 140 channels, packed',
    async () => {
      const path = realFiles('laser_emission_timeseries', /\.gz$/)[0]!;
      const read = await readFile(path);
      expect([axisOf(read).channels, read.frames[0]!.length, read.frames[0]!.at(-1)!.seconds]).toEqual([140, 84, 5722]);
    },
  );

  it('that are packed and cut are an error that names the file', async () => {
    const path = texts.write('a.txt.gz', '');
    writeFileSync(path, gzipSync(rows).subarray(0, -12));
    await expect(readFile(path)).rejects.toThrow(/a\.txt\.gz/);
  });
});
