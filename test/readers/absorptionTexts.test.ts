import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import biologic from '../../adapters/readers/biologicMpt.ts';
import soleil from '../../adapters/readers/soleil.ts';
import xdi from '../../adapters/readers/xdi.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { axisOf, createTexts, readFile, realFiles } from './textFiles.ts';

describe('XAS Data Interchange', () => {
  const texts = createTexts(xdi);
  const file = (columns: string, rows = '7000.0 200 100\n7001.0 200 50\n7002.0 200 25\n') =>
    `# XDI/1.0 GSE/1.0\n# Column.1: energy eV\n${columns}# Element.symbol: Fe\n# Mono.d_spacing: 3.1355\n# Sample.temperature: 100K\n# Scan.start_time: 2001-06-26T22:27:31\n# ///\n# a comment\n#---\n# energy i0 itrans\n${rows}`;
  const transmission = file('# Column.2: i0\n# Column.3: itrans\n');

  it('is the logarithm of incident over transmitted', async () => {
    const read = await texts.read('a.xdi', transmission);
    expect([read.reader, read.contents.format, read.contents.modality]).toEqual(['xdi', 'XDI 1.0', 'XAS']);
    expect(axisOf(read)).toEqual({ name: 'energy', unit: 'eV', first: 7000, last: 7002, channels: 3 });
    expect(read.frames[0]![0]!.values[1]).toBeCloseTo(Math.log(4), 12);
    expect(read.contents.series[0]!.facts).toMatchObject({ 'element.symbol': 'Fe' });
    expect(read.frames[0]![0]).toMatchObject({
      timeUs: Date.UTC(2001, 5, 26, 22, 27, 31) * 1000,
      numbers: [{ name: 'temperature', value: 100, unit: 'K' }],
    });
  });

  it('is fluorescence over incident, or a column that is the absorption', async () => {
    expect((await texts.read('a.xdi', file('# Column.2: i0\n# Column.3: ifluor\n'))).frames[0]![0]!.values[0]).toBe(
      0.5,
    );
    expect((await texts.read('b.xdi', file('# Column.2: i0\n# Column.3: mutrans\n'))).frames[0]![0]!.values[0]).toBe(
      100,
    );
  });

  it('has energies made of the angles of the monochromator', async () => {
    const rows = '16.4 200 100\n16.3 200 50\n16.2 200 25\n';
    const read = await texts.read(
      'a.xdi',
      file('# Column.2: i0\n# Column.3: itrans\n', rows).replace('energy eV', 'angle degrees'),
    );
    expect(axisOf(read).first).toBeCloseTo(12398.42 / (2 * 3.1355 * Math.sin((16.4 * Math.PI) / 180)), 1);
  });

  it('stays honest when it is broken', () => texts.expectHonest(transmission, 5));

  it.skipIf(!hasRecording('xas_reference_library_xdi'))('opens every file of the library', async () => {
    const root = join('xas_reference_library_xdi', 'data');
    let count = 0;
    for (const element of readdirSync(join(dataRoot, root), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    ))
      for (const path of realFiles(join(root, element.name), /xdi$/)) {
        const read = await readFile(path);
        expect(axisOf(read), path).toMatchObject({ name: 'energy', unit: 'eV' });
        expect(read.frames[0]![0]!.values.every(Number.isFinite), path).toBe(true);
        count++;
      }
    expect(count).toBeGreaterThan(270);
  });
});

describe('SOLEIL', () => {
  const texts = createTexts(soleil);
  const lucia = `# XAS / LUCIA / SOLEIL : \r\n# Date : jeu. 27 mai 2021\r\n# Start of this scan : 11:55:39\r\n# SCAN : \r\n# Range\t\tFrom(eV)\tTo(eV)\t\tStep(eV)\tTime(sec)\r\n## 1\t\t7110\t\t7145\t\t1\t\t1\r\n#\r\n# Energy\tIo\t\tFY\t\tDeadTime\t\tFY_c\r\n7110\t\t100\t\t50\t\t7\t\t60\r\n7111\t\t100\t\t60\t\t7\t\t70\r\n7112\t\t100\t\t70\t\t7\t\t80\r\n`;

  it('LUCIA gives corrected fluorescence over incident, at the time of its French date', async () => {
    const read = await texts.read('a.dat', lucia);
    expect(read.reader).toBe('soleil');
    expect([...read.frames[0]![0]!.values]).toEqual([0.6, 0.7, 0.8]);
    expect(read.frames[0]![0]).toMatchObject({ timeUs: Date.UTC(2021, 4, 27, 11, 55, 39) * 1000, exposureUs: 1e6 });
  });

  it('stays honest when it is broken', () => texts.expectHonest(lucia, 5));

  it.skipIf(!hasRecording('xas_beam_damage_s_and_fe'))(
    'LUCIA really changes its grid from scan 3 to scan 4',
    async () => {
      const paths = realFiles('xas_beam_damage_s_and_fe/sulfur', /POI1_0[34]\.dat$/);
      const channels = [];
      for (const path of paths) channels.push(axisOf(await readFile(path)).channels);
      expect(channels).toEqual([20, 161]);
    },
  );

  it.skipIf(!hasRecording('xas_linio2_operando_cycling'))(
    'ROCK gives 102 normalised spectra with their times',
    async () => {
      const paths = realFiles('xas_linio2_operando_cycling/XAS_normalized', /\.txt$/);
      expect(paths).toHaveLength(102);
      const read = await readFile(paths[0]!);
      expect(axisOf(read)).toEqual({ name: 'energy', unit: 'eV', first: 8060, last: 9500, channels: 1649 });
      expect(read.frames[0]![0]!.timeUs).toBe(Date.UTC(2022, 6, 26, 23, 1, 58, 55) * 1000);
    },
  );
});

describe('Biologic EC-Lab', () => {
  const texts = createTexts(biologic);
  const mpt = `EC-Lab ASCII FILE\r\nNb header lines : 7\r\n\r\nCyclic Voltammetry\r\nAcquisition started on : 07/26/2022 22:38:30.190\r\nElectrode surface area : 1,000 cm\u00b2\r\nmode\tox/red\ttime/s\tcontrol/V\tEwe/V\t<I>/mA\tQ charge/discharge/mA.h\tI Range\r\n1\t0\t0,0000\t1\t3,1\t0,5\t0\t0\r\n1\t0\t1,5000\t1\t3,2\t-0,5\t1E-3\t0\r\n2\t1\t3,0000\t1\t3,3\t\t0\t0\r\n`;

  it('gives potential and current on the clock of the header, decimal commas and all', async () => {
    const { reader, contents } = await texts.read('a.mpt', mpt, 'latin1');
    expect([reader, contents.series.length, contents.format]).toEqual([
      'biologicMpt',
      0,
      'Biologic EC-Lab, Cyclic Voltammetry',
    ]);
    const startUs = Date.UTC(2022, 6, 26, 22, 38, 30, 190) * 1000;
    const of = (name: string) => contents.slow.filter((sample) => sample.name === name);
    expect(of('potential').map(({ timeUs, value, unit }) => [timeUs - startUs, value, unit])).toEqual([
      [0, 3.1, 'V'],
      [1.5e6, 3.2, 'V'],
      [3e6, 3.3, 'V'],
    ]);
    expect(of('current').map(({ value, unit }) => [value, unit])).toEqual([
      [0.5, 'mA'],
      [-0.5, 'mA'],
    ]);
    expect(of('mode').map(({ value }) => value)).toEqual([1, 1, 2]);
    expect(of('chargeOfHalfCycle')[0]!.unit).toBe('mA.h');
  });

  it('reads times that are written as dates', async () => {
    const dated = mpt.replace('0,0000', '07/27/2022 01:02:03.5').replace('1,5000', '07/27/2022 01:02:04.5');
    const { contents } = await texts.read('a.mpt', dated, 'latin1');
    expect(contents.slow[0]!.timeUs).toBe(Date.UTC(2022, 6, 27, 1, 2, 3, 500) * 1000);
  });

  it('stays honest when it is broken', () => texts.expectHonest(mpt, 5));

  it.skipIf(!hasRecording('xas_linio2_operando_cycling'))('turns from charge to discharge at 09:30:40', async () => {
    const { contents } = await readFile(realFiles('xas_linio2_operando_cycling/EC', /\.mpt$/)[0]!);
    const currents = contents.slow.filter(({ name }) => name === 'current');
    const turn = currents.findIndex(({ value }) => value < -0.01);
    expect(new Date(currents[turn]!.timeUs / 1000).toISOString()).toContain('2022-07-27T09:3');
  });
});
