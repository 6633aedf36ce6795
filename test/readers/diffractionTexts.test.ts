import { describe, expect, it } from 'vitest';
import gsas from '../../adapters/readers/gsas.ts';
import xrdml from '../../adapters/readers/xrdml.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { axisOf, createTexts, readFile, realFiles } from './textFiles.ts';

const bank = (points: number, kind: string) => `BANK 1 ${points} ${points} CONST 1000.0 10.0 0 0 ${kind}`;

describe('GSAS banks', () => {
  const texts = createTexts(gsas);
  const fxye = `title\n# Scan time = APR 25, 2011 12:35:45.5\n# Temp (K) = 6.778\n# Time per step (sec) = 0.1\n${bank(3, 'FXYE')}\n 1000.0 10.0 2.0\n 1010.0 20.0 3.0\n 1020.0 30.0 4.0\n`;

  it('FXYE are angles in hundredths of a degree, with errors, a time and a temperature', async () => {
    const read = await texts.read('a.fxye', fxye);
    expect(read.reader).toBe('gsas');
    expect(axisOf(read)).toEqual({ name: 'twoTheta', unit: 'deg', first: 10, last: 10.2, channels: 3 });
    expect(read.frames[0]![0]).toMatchObject({
      timeUs: Date.UTC(2011, 3, 25, 12, 35, 45, 500) * 1000,
      exposureUs: 100_000,
      numbers: [{ name: 'temperature', value: 6.778, unit: 'K' }],
      variances: Float64Array.of(4, 9, 16),
    });
  });

  it('ESD and STD have an axis in steps and columns without gaps', async () => {
    const esd = await texts.read(
      'a.gsas',
      `title\n${bank(3, 'ESD')}\n   100.0    10.0   200.0    14.0   300.0    17.0\n`,
    );
    expect(axisOf(esd)).toMatchObject({ first: 10, last: 10.2 });
    expect(esd.frames[0]![0]!.variances).toEqual(Float64Array.of(100, 196, 289));
    const std = await texts.read('b.gsas', `title\n${bank(3, 'STD')}\n     100 2   200 4   400\n`);
    expect([...std.frames[0]![0]!.values]).toEqual([100, 200, 400]);
    expect([...std.frames[0]![0]!.variances!]).toEqual([100, 100, 100]);
  });

  it('say when they are cut short, and refuse what is not declared', async () => {
    const cut = await texts.read('a.fxye', fxye.split('\n').slice(0, -2).join('\n'));
    expect(cut.contents.oddities.join()).toContain('2 of 3 points');
    await expect(texts.read('b.fxye', fxye.replace('BANK 1 3', 'BANK 1 99999999999'))).rejects.toThrow(
      /b\.fxye: line 5/,
    );
    await expect(texts.read('c.fxye', fxye.replace('FXYE', 'WXYZ'))).rejects.toThrow('WXYZ');
  });

  it('stay honest when they are broken', () => texts.expectHonest(fxye, 3));

  it.skipIf(!hasRecording('xrd_cucr2o4_11bm_temperature'))('of 11-BM are 17 patterns from 6.8 to 288.7 K', async () => {
    const temperatures: number[] = [];
    for (const path of realFiles('xrd_cucr2o4_11bm_temperature', /\.fxye$/)) {
      const read = await readFile(path);
      expect(axisOf(read)).toMatchObject({ name: 'twoTheta', first: 0.5, channels: 12799 });
      temperatures.push(read.frames[0]![0]!.numbers[0]!.value);
    }
    expect(temperatures).toHaveLength(17);
    expect([temperatures[0], temperatures.at(-1)!.toFixed(1)]).toEqual([6.778, '288.7']);
  });
});

const scan = (data: string, start = '2024-11-14T13:02:13-08:00') =>
  `<scan status="Completed"><header><startTimeStamp>${start}</startTimeStamp></header><dataPoints>
<positions axis="2Theta" unit="deg"><startPosition>10</startPosition><endPosition>11</endPosition></positions>
<positions axis="Phi" unit="deg"><commonPosition>30</commonPosition></positions>
<commonCountingTime unit="seconds">2.5</commonCountingTime>${data}</dataPoints></scan>`;
const document = (...scans: readonly string[]) =>
  `\ufeff<?xml version="1.0"?>\n<xrdMeasurements xmlns="http://www.xrdml.com/XRDMeasurement/2.3" xmlns:xsi="x" xsi:schemaLocation="http://www.xrdml.com/XRDMeasurement/2.3 a">\n<sample><id>quartz</id></sample><xrdMeasurement>${scans.join('')}</xrdMeasurement></xrdMeasurements>`;

describe('PANalytical XRDML', () => {
  const texts = createTexts(xrdml);
  const one = document(scan('<counts unit="counts">5 7 9</counts>'));

  it('is counts on an axis between two ends, with its time and what stood still', async () => {
    const read = await texts.read('a.xrdml', one);
    expect([read.reader, read.contents.format]).toEqual(['xrdml', 'PANalytical XRDML 2.3']);
    expect(axisOf(read)).toEqual({ name: 'twoTheta', unit: 'deg', first: 10, last: 11, channels: 3 });
    expect(read.contents.series[0]!.layout).toMatchObject({ quantity: 'counts', noise: 'poisson' });
    expect(read.contents.series[0]!.facts).toMatchObject({ sample: 'quartz' });
    expect(read.frames[0]![0]).toMatchObject({
      timeUs: Date.UTC(2024, 10, 14, 21, 2, 13) * 1000,
      exposureUs: 2.5e6,
      numbers: [{ name: 'phi', value: 30, unit: 'deg' }],
    });
  });

  it('has a frame per scan', async () => {
    const read = await texts.read(
      'a.xrdml',
      document(...[1, 2, 3].map((k) => scan(`<intensities unit="counts">${k} 2 3</intensities>`))),
    );
    expect(read.frames[0]!.map(({ values }) => values[0])).toEqual([1, 2, 3]);
  });

  it('multiplies raw counts by the attenuator, and intensities not again', async () => {
    const factors = '<beamAttenuationFactors>1 1 100</beamAttenuationFactors>';
    const raw = await texts.read('a.xrdml', document(scan(`${factors}<counts unit="counts">5 7 9</counts>`)));
    expect([...raw.frames[0]![0]!.values, ...raw.frames[0]![0]!.variances!]).toEqual([5, 7, 900, 5, 7, 90_000]);
    expect(raw.contents.series[0]!.layout.noise).toBe('scaledPoisson');
    const done = await texts.read(
      'b.xrdml',
      document(scan(`${factors}<intensities unit="counts">5 7 900</intensities>`)),
    );
    expect([...done.frames[0]![0]!.values]).toEqual([5, 7, 900]);
  });

  it('follows no entity, and refuses a file that is cut', async () => {
    const bomb = one
      .replace('<xrdMeasurements', '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xrdMeasurements')
      .replace('quartz', '&b;');
    expect((await texts.read('a.xrdml', bomb)).contents.series[0]!.facts['sample']).toBe('&b;');
    await expect(texts.read('b.xrdml', one.slice(0, -40))).rejects.toThrow(/b\.xrdml: line \d+: this is no whole XML/);
    await expect(texts.read('c.xrdml', document(scan('')))).rejects.toThrow('scan 1');
  });

  it('stays honest when it is broken', () => texts.expectHonest(one, 7));

  it.skipIf(!hasRecording('xrd_phase_id_mixtures'))(
    'of real mixtures has the channels of two and of eight minutes',
    async () => {
      for (const [minutes, channels] of [
        [2, 2071],
        [8, 8282],
      ] as const)
        for (const path of realFiles('xrd_phase_id_mixtures', new RegExp(`--${minutes}min\\.xrdml$`)))
          expect(axisOf(await readFile(path))).toMatchObject({ name: 'twoTheta', unit: 'deg', channels });
    },
  );
});
