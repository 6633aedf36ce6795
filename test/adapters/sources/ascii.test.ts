import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseNumber, splitFields } from '../../../adapters/ascii/numbers.ts';
import { parseOffset, parseStamp } from '../../../adapters/ascii/time.ts';
import { compareNatural, findFiles } from '../../../adapters/files/findFiles.ts';
import asciiFolder from '../../../adapters/sources/asciiFolder.ts';
import asciiMatrix from '../../../adapters/sources/asciiMatrix.ts';
import { playSource, settingOf } from '../collect.ts';

const axis = { name: 'energy', unit: 'eV' };
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascii-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const put = (name: string, text: string | Buffer): void => {
  mkdirSync(join(directory, name, '..'), { recursive: true });
  writeFileSync(join(directory, name), text);
};
const folder = (settings: object, more = {}) =>
  playSource(asciiFolder, { files: '*.xy', axis, ...settings }, settingOf(directory, more));
const matrix = (settings: object, more = {}) =>
  playSource(asciiMatrix, { file: 'm.txt', spectra: 'rows', axis, ...settings }, settingOf(directory, more));

describe('numbers and fields of a text', () => {
  it.each([
    ['1.5', '.', 1.5],
    ['-1,5E-3', ',', -0.0015],
    ['1.0D+2', '.', 100],
    ['.5', '.', 0.5],
    ['', '.', NaN],
    ['NaN', '.', NaN],
    ['-inf', '.', -Infinity],
    ['1,5', '.', null],
    ['0x10', '.', null],
    ['12a', '.', null],
  ] as const)("'%s' with decimal mark '%s' is %s", (text, decimal, value) => {
    expect(parseNumber(text, decimal)).toEqual(value);
  });

  it('fields are told apart by tabs, else semicolons, else commas, else spaces', () => {
    expect(splitFields('a b\tc\t', 'auto', '.')).toEqual(['a b', 'c', '']);
    expect(splitFields('1,5; 2,5', 'auto', ',')).toEqual(['1,5', '2,5']);
    expect(splitFields('1, 2,3', 'auto', '.')).toEqual(['1', '2', '3']);
    expect(splitFields('  1   2 ', 'auto', '.')).toEqual(['1', '2']);
  });
});

describe('times in a text', () => {
  const utc = (text: string): number => Date.parse(text) * 1000;
  it.each([
    ['2022-07-26 23:01:58.055', 'ymd', '+02:00', utc('2022-07-26T21:01:58.055Z')],
    ['07/26/2022 22:38:30.190', 'mdy', 'Z', utc('2022-07-26T22:38:30.190Z')],
    ['26.07.2022, 22:38', 'dmy', 'Z', utc('2022-07-26T22:38:00Z')],
    ['01/05/16 11:27:14', 'dmy', 'Z', utc('2016-05-01T11:27:14Z')],
    ['1/5/2016 01:27:14 PM', 'mdy', 'Z', utc('2016-01-05T13:27:14Z')],
    ['1/5/2016 12:27:14 AM', 'mdy', 'Z', utc('2016-01-05T00:27:14Z')],
    ['2022-07-26T23:01:58+0530', 'ymd', '+02:00', utc('2022-07-26T17:31:58Z')],
    ['2022-07-26 23:01:58.0550014', 'ymd', 'Z', utc('2022-07-26T23:01:58.055Z') + 1],
  ] as const)("'%s' in order %s at %s", (text, order, offset, expected) => {
    expect(parseStamp(text, order, parseOffset(offset))).toBe(expected);
  });

  it('what is no time is none', () => {
    expect(parseStamp('2022-13-01 00:00:00', 'ymd', 0)).toBeNull();
    expect(parseStamp('yesterday', 'ymd', 0)).toBeNull();
  });
});

describe('files by pattern', () => {
  it('are found at any level, numbers in order of size', () => {
    for (const name of ['a1/s10.xy', 'a1/s2.xy', 'a2/s1.xy', 'b/s3.xy', 'a1/s2.txt']) put(name, '1 2\n');
    const found = findFiles(join(directory, 'a?', '*.xy')).map((path) => path.slice(directory.length + 1));
    expect(found).toEqual(['a1/s2.xy', 'a1/s10.xy', 'a2/s1.xy']);
    expect(findFiles(join(directory, 'a1'))).toHaveLength(3);
    expect(findFiles(join(directory, 'none', '*'))).toEqual([]);
    expect(['s10', 's9', 's', 's9b', 's09'].sort(compareNatural)).toEqual(['s', 's09', 's9', 's9b', 's10']);
  });
});

describe('the source asciiFolder', () => {
  it('reads columns by name, errors as variances, and keeps NaN', async () => {
    put('1.xy', '# a comment\n# energy (eV)\tmu\tsigma mu\n1\t10\t2\n2\tnan\t3\n');
    const { frames } = await folder({ columns: { x: 'energy (eV)', y: 'mu', error: 'sigma mu' } });
    expect(frames[0]).toMatchObject({
      values: Float64Array.of(10, NaN),
      variances: Float64Array.of(4, 9),
      layout: { noise: 'poisson', quantity: 'intensity', axes: [{ coordinates: Float64Array.of(1, 2), ...axis }] },
    });
  });

  it('turns descending axes round, and gives another grid another layout', async () => {
    put('1.xy', '3 30\n2 20\n1 10\n');
    put('2.xy', '1 11\n2 21\n3 31\n');
    put('3.xy', '1 11\n2 21\n4 41\n');
    const { frames } = await folder({});
    expect(frames.map(({ values }) => [...values])).toEqual([
      [10, 20, 30],
      [11, 21, 31],
      [11, 21, 41],
    ]);
    expect(frames[1]!.layout).toBe(frames[0]!.layout);
    expect(frames[2]!.layout).not.toBe(frames[0]!.layout);
  });

  it('times frames by their header, by the frame period, or by seconds since the start', async () => {
    put('1.xy', 't=0.5 s, exposure 20 ms, T = 27,5 C\n1 2\n');
    put('2.xy', 't=1.5 s, exposure 30 ms, T = off\n1 2\n');
    const header = {
      time: { pattern: 't=(\\S+)' },
      exposure: { pattern: 'exposure (\\d+)', factor: 1e-3 },
      numbers: { temperature: { pattern: 'T = (\\S+)', unit: 'Cel' } },
    };
    const start = '2020-01-01T00:00:00Z';
    const byHeader = await folder({ header, start, decimal: ',' });
    const startUs = Date.parse(start) * 1000;
    expect(byHeader.frames.map(({ timeUs, exposureUs }) => [timeUs - startUs, exposureUs])).toEqual([
      [500_000, 20_000],
      [1_500_000, 30_000],
    ]);
    expect(byHeader.slow).toEqual([
      { type: 'slow', name: 'temperature', timeUs: startUs + 5e5, value: 27.5, unit: 'Cel' },
    ]);
    const byPeriod = await folder({ start }, { framePeriodUs: 7e6 });
    expect(byPeriod.frames.map(({ timeUs, exposureUs }) => [timeUs - startUs, exposureUs])).toEqual([
      [0, 7e6],
      [7e6, 7e6],
    ]);
  });

  it('plays several entries in a row, each in its order', async () => {
    const header = { time: { pattern: '^# (.+)$' } };
    put('b/1.xy', '# 2020-01-01 00:00:03\n1 3\n');
    put('b/2.xy', '# 2020-01-01 00:00:01\n1 1\n');
    put('a/1.xy', '# 2020-01-01 00:00:09\n1 9\n');
    const order = async (by: string) =>
      (await folder({ files: ['b', 'a/*'], header, order: by })).frames.map(({ values }) => values[0]);
    expect(await order('time')).toEqual([1, 3, 9]);
    expect(await order('name')).toEqual([3, 1, 9]);
  });

  it('counts a file it cannot use, naming file and line, and goes on', async () => {
    put('1.xy', '1 2\n2 oops\n');
    put('2.xy', '1 2\n2\n');
    put('3.xy', '1 2\n1 3\n');
    put('4.xy', 'nothing here\n');
    put('5.xy', '1 2\n2 3\n');
    const { frames, rejections } = await folder({});
    expect(frames.map(({ seq }) => seq)).toEqual([4]);
    expect(rejections.map(({ detail }) => detail.slice(directory.length + 1))).toEqual([
      "1.xy:2: 'oops' is no number",
      '2.xy:2: 1 fields, expected at least 2',
      '3.xy: axis energy does not increase at 1: 1 then 1',
      expect.stringMatching(/^4.xy:\d: there are no numbers in it/),
    ]);
  });

  it('says what is missing and where to get it', async () => {
    await expect(folder({ sourceNote: 'data from doi:10.1/x' })).rejects.toThrow(
      /^s: there is no .*\*\.xy \(data from doi:10\.1\/x\)$/,
    );
    put('1.xy', '1 2\n');
    await expect(folder({ columns: { x: 'energy' } })).rejects.toThrow(/no column is called 'energy'/);
    const log = { file: 'no.csv', time: { column: 0 }, signals: {} };
    await expect(folder({ log })).rejects.toThrow(/there is no .*no\.csv/);
    await expect(folder({ order: 'time' })).rejects.toThrow(/order 'time' needs header\.time/);
  });

  it('joins a log with absolute times, and names the line that is wrong', async () => {
    put('1.xy', '1 2\n');
    put('2.xy', '1 2\n');
    put('log.csv', 'when;U/V\n2020-01-01 01:00:00;1,5\n2020-01-01 01:00:05;\n2020-01-01 01:00:06;1,7\n');
    const log = {
      file: 'log.csv',
      decimal: ',',
      time: { column: 'when', utcOffset: '+01:00' },
      signals: { potential: { column: 'U/V', unit: 'V', factor: 1000 } },
    };
    const start = '2020-01-01T00:00:00Z';
    const { slow, arrival } = await folder({ log, start }, { framePeriodUs: 10e6 });
    expect(slow.map(({ value }) => value)).toEqual([1500, 1700]);
    expect(arrival).toEqual(['potential', 0, 'potential', 1]);
    put('log.csv', 'when;U/V\n2020-01-01 01:00:00;high\n');
    await expect(folder({ log, start })).rejects.toThrow(/log\.csv:2: 'high' is no number/);
  });

  it('goes on after a position and stops when aborted', async () => {
    for (let i = 0; i < 6; i++) put(`${i}.xy`, `1 ${i}\n`);
    const { frames } = await folder({}, { resumeAfter: { seq: 3, timeUs: 0 } });
    expect(frames.map(({ seq, values }) => [seq, values[0]])).toEqual([
      [4, 4],
      [5, 5],
    ]);
    const cut = await playSource(asciiFolder, { files: '*.xy', axis }, settingOf(directory), 2);
    expect(cut.frames).toHaveLength(2);
  });
});

describe('the source asciiMatrix', () => {
  it('reads rows with what stands before the values', async () => {
    put('m.txt', '#start=2020-01-01 00:00:00\n\t\t1\t2\t3\r\n0.5\t300\t7\t8\t9\n1.5\t301\t4\t5\t6\r\n');
    const { frames, slow } = await matrix({
      leading: [{ name: 'time' }, { name: 'temperature', unit: 'K' }],
      header: { time: { pattern: 'start=(.+)' } },
    });
    expect(frames.map(({ values }) => [...values])).toEqual([
      [7, 8, 9],
      [4, 5, 6],
    ]);
    expect(frames[1]!.timeUs).toBe(Date.UTC(2020, 0, 1) * 1000 + 1_500_000);
    expect(slow.map(({ value, unit }) => [value, unit])).toEqual([
      [300, 'K'],
      [301, 'K'],
    ]);
  });

  it('counts a row that is cut short, and goes on', async () => {
    put('m.txt', '1 2 3\n7 8 9\n4 5\n1 1 1\n');
    const { frames, rejections } = await matrix({});
    expect(frames.map(({ seq }) => seq)).toEqual([0, 2]);
    expect(rejections[0]!.detail).toMatch(/m\.txt:3: 2 fields, expected at least 3/);
  });

  it('reads columns on an axis that descends', async () => {
    put('m.txt', 'x a b\n3 30 31\n2 20 21\n1 10 11\n');
    const { frames } = await matrix({ spectra: 'columns', headerLines: 1 });
    expect(frames.map(({ values }) => [...values])).toEqual([
      [10, 20, 30],
      [11, 21, 31],
    ]);
  });

  it('reads the long form, packed, and names a bad line', async () => {
    put('m.gz', gzipSync('0,1,10\n0,2,20\n5,1,11\n5,2,21\n'));
    const { frames } = await matrix({ file: 'm.gz', spectra: 'long' });
    expect(frames.map(({ values }) => [...values])).toEqual([
      [10, 20],
      [11, 21],
    ]);
    expect(frames[1]!.timeUs - frames[0]!.timeUs).toBe(5e6);
    put('m.txt', '0 1 10\n0 x 20\n');
    await expect(matrix({ spectra: 'long' })).rejects.toThrow(/m\.txt:2: 'x' is no number/);
  });

  it('says what is missing, and when there is nothing in it', async () => {
    await expect(matrix({ sourceNote: 'ask the lab' })).rejects.toThrow(/there is no .*m\.txt \(ask the lab\)/);
    put('m.txt', '1 2 3\n');
    await expect(matrix({})).rejects.toThrow(/there is no spectrum in/);
  });
});
