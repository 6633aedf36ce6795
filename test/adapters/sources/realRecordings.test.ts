import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import asciiFolder from '../../../adapters/sources/asciiFolder.ts';
import asciiMatrix from '../../../adapters/sources/asciiMatrix.ts';
import hdf5 from '../../../adapters/sources/hdf5.ts';
import type { Frame } from '../../../src/model/frame.ts';
import { fastAxis } from '../../../src/model/layout.ts';
import { needs } from '../../support/requirement.ts';
import { playSource, settingOf } from '../collect.ts';

const DATA = resolve(process.env['OPERANDO_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'));

/** Tests on one recording, skipped with a reason where it is not there. */
const withData = (folder: string, tests: (directory: string) => void): void => {
  const directory = join(DATA, folder);
  describe.skipIf(!needs('data', folder, existsSync(directory)))(folder, () => tests(directory));
};
const rangeOf = ({ layout }: Frame): [number, number] => {
  const { coordinates } = fastAxis(layout);
  return [coordinates[0]!, coordinates.at(-1)!];
};
const allOneLayout = (frames: readonly Frame[]): boolean => frames.every(({ layout }) => layout === frames[0]!.layout);

withData('npd_halide_perovskite_temperature', (directory) => {
  const settings = {
    file: 'Powder_Diffraction.nxs',
    data: 'entry/data/intensity',
    axes: [{ path: 'entry/data/dspacing', name: 'dSpacing', unit: 'Ao' }],
    orderBy: 'entry/data/temperature',
    signals: { temperature: { path: 'entry/data/temperature', unit: 'K' } },
  };
  it('is read in the order of temperature, on bin edges', async () => {
    const { frames, slow, rejections } = await playSource(
      hdf5,
      settings,
      settingOf(directory, { noise: 'unknown', framePeriodUs: 60e6 }),
    );
    expect(frames).toHaveLength(140);
    expect(rejections).toEqual([]);
    expect(frames[0]!.layout).toMatchObject({
      size: 5199,
      noise: 'unknown',
      axes: [{ placement: 'edge', unit: 'Ao' }],
    });
    expect(rangeOf(frames[0]!)[0]).toBeCloseTo(1.15, 10);
    expect(allOneLayout(frames)).toBe(true);
    expect(slow.map(({ value }) => value)).toEqual([...slow.map(({ value }) => value)].sort((a, b) => a - b));
    expect(slow[28]!.value).toBeCloseTo(79.4, 1);
    expect(slow.at(-1)!.value).toBeCloseTo(300, 1);
    expect(frames[1]!.timeUs - frames[0]!.timeUs).toBe(60e6);
    // The superlattice line at 2.74 A falls away from 143 K to 169 K.
    const at = fastAxis(frames[0]!.layout).coordinates.findIndex((d) => d >= 2.74);
    const peak = (i: number): number => Math.max(...frames[i]!.values.subarray(at - 15, at + 15));
    expect(peak(60) / peak(73)).toBeGreaterThan(3);
  });
  it('is read on a descending axis too, turned round', async () => {
    const inQ = { ...settings, axes: [{ path: 'entry/data/Q', name: 'q', unit: 'Ao-1' }] };
    const [byD, byQ] = [
      await playSource(hdf5, settings, settingOf(directory), 3),
      await playSource(hdf5, inQ, settingOf(directory), 3),
    ];
    expect(byQ.frames[2]!.values).toEqual(byD.frames[2]!.values.slice().reverse());
    expect(rangeOf(byQ.frames[0]!)[0]).toBeLessThan(rangeOf(byQ.frames[0]!)[1]);
  });
  it('goes on after a position', async () => {
    const { frames } = await playSource(hdf5, settings, settingOf(directory, { resumeAfter: { seq: 136, timeUs: 0 } }));
    expect(frames.map(({ seq }) => seq)).toEqual([137, 138, 139]);
  });
});

withData('raman_witec_si_timeseries_null', (directory) => {
  it('is read with its spectra in columns', async () => {
    const { frames, rejections } = await playSource(
      asciiMatrix,
      {
        file: 'Witec-timeseries_full.txt',
        spectra: 'columns',
        headerLines: 2,
        axis: { name: 'ramanShift', unit: 'cm-1' },
        values: { quantity: 'counts' },
      },
      settingOf(directory, { noise: 'unknown' }),
    );
    expect(frames).toHaveLength(100);
    expect(rejections).toEqual([]);
    expect(frames[0]!.layout.size).toBe(1024);
    expect(rangeOf(frames[0]!)[0]).toBeCloseTo(87.7, 0);
    expect(rangeOf(frames[0]!)[1]).toBeCloseTo(2821, 0);
    expect(allOneLayout(frames)).toBe(true);
    expect(Math.min(...frames[99]!.values)).toBeGreaterThan(900);
  });
});

withData('xas_linio2_operando_cycling', (directory) => {
  const settings = {
    files: ['XAS_normalized/norm_op2_*.txt', 'XAS_normalized/norm_op3_*.txt'],
    order: 'time' as const,
    columns: { x: 'shifted energy', y: 'normalized' },
    means: { i0: { column: 'I0' } },
    header: {
      time: { pattern: '^#Time at start=(.+)$', utcOffset: '+02:00' },
      exposure: { pattern: '^#Time from start \\(seconds\\)=(\\S+)' },
    },
    log: {
      file: 'EC/220726cell4operandoxas_C06_until_20220727T1830.mpt',
      encoding: 'latin1' as const,
      decimal: ',' as const,
      delimiter: 'tab' as const,
      headerLines: 'Nb header lines : (\\d+)',
      start: { pattern: 'Acquisition started on : (.+)', dateOrder: 'mdy' as const, utcOffset: '+02:00' },
      time: { column: 'time/s' },
      signals: { potential: { column: 'Ewe/V', unit: 'V' }, current: { column: '<I>/mA', unit: 'mA' } },
    },
    axis: { name: 'energy', unit: 'eV' },
    values: { quantity: 'absorbance' },
  };
  it('is read in order of time, with its potential joined', async () => {
    const { frames, slow, arrival, rejections } = await playSource(
      asciiFolder,
      settings,
      settingOf(directory, { noise: 'unknown' }),
    );
    expect(frames).toHaveLength(102);
    expect(rejections).toEqual([]);
    expect(frames.every((frame, i) => i === 0 || frame.timeUs > frames[i - 1]!.timeUs)).toBe(true);
    expect(frames[0]!.timeUs).toBe(Date.parse('2022-07-26T21:01:58.055Z') * 1000);
    expect(frames[0]!.exposureUs).toBeCloseTo(65_003_889.6, 0);
    expect(frames[0]!.layout.size).toBe(1649);
    expect(rangeOf(frames[0]!)).toEqual([8060, 9500]);
    // The potential turns round between the frames 54 and 55, at 4.29 V.
    const potential = slow.filter((sample) => sample.name === 'potential');
    const highest = potential.reduce((top, sample) => (sample.value > top.value ? sample : top));
    expect(highest.value).toBeCloseTo(4.29, 1);
    expect(highest.timeUs).toBeGreaterThan(frames[54]!.timeUs);
    expect(highest.timeUs).toBeLessThan(frames[55]!.timeUs);
    expect(potential.every((sample, i) => i === 0 || sample.timeUs >= potential[i - 1]!.timeUs)).toBe(true);
    // What came long before the first frame is not played, only its latest value.
    expect(arrival.indexOf(0)).toBe(3);
    expect(slow.find(({ name }) => name === 'i0')!.value).toBeGreaterThan(1000);
  });
  it('knows the hole between the two files of the series', async () => {
    const { frames } = await playSource(asciiFolder, settings, settingOf(directory));
    const gaps = frames.slice(1).map((frame, i) => frame.timeUs - frames[i]!.timeUs);
    expect(gaps[57]! / 1e6).toBeCloseTo(705.7, 0);
    expect(gaps[56]! / 1e6).toBeCloseTo(687.2, 0);
  });
});

withData('raman_labspec_long_series', (directory) => {
  const settings = {
    spectra: 'rows' as const,
    encoding: 'latin1' as const,
    leading: [{ name: 'time', unit: 's' }],
    axis: { name: 'ramanShift', unit: 'cm-1' },
    values: { quantity: 'counts' },
    header: { time: { pattern: '^#Date=\\s*(.+)$', dateOrder: 'dmy' as const } },
  };
  it('is read with its spectra in rows and their times', async () => {
    const { frames, rejections } = await playSource(
      asciiMatrix,
      { ...settings, file: 'Activation.txt' },
      settingOf(directory),
    );
    expect(frames).toHaveLength(532);
    expect(rejections).toEqual([]);
    expect(frames[0]!.layout.size).toBe(1024);
    expect(rangeOf(frames[0]!)[0]).toBeCloseTo(198.15, 2);
    expect((frames[531]!.timeUs - frames[0]!.timeUs) / 1e6).toBeCloseTo(169187, -1);
    expect(new Date(frames[0]!.timeUs / 1000).getUTCFullYear()).toBe(2016);
    const mean = (i: number): number => frames[i]!.values.reduce((sum, value) => sum + value, 0) / 1024;
    expect(mean(531) / mean(530)).toBeLessThan(0.1);
  });
  it('hands on rows of zeros as they are', async () => {
    const { frames } = await playSource(asciiMatrix, { ...settings, file: 'serie190214-1.txt' }, settingOf(directory));
    expect(frames).toHaveLength(168);
    expect(frames[110]!.values.every((value) => value === 0)).toBe(true);
    expect(frames[109]!.values.some((value) => value > 0)).toBe(true);
  });
});

withData('xrd_vt_lab_5_temperatures', (directory) => {
  it('is read in the order of the number in the name', async () => {
    const { frames, rejections } = await playSource(
      asciiFolder,
      { files: '*deg.xy', axis: { name: 'twoTheta', unit: 'deg' }, values: { quantity: 'counts' } },
      settingOf(directory, { framePeriodUs: 3.6e9 }),
    );
    expect(frames).toHaveLength(5);
    expect(rejections).toEqual([]);
    expect(frames[0]!.layout).toMatchObject({ size: 3962, noise: 'poisson' });
    expect(allOneLayout(frames)).toBe(true);
    expect(frames[0]!.values.slice(0, 3)).toEqual(Float64Array.of(150, 123, 131));
  });
});

withData('laser_emission_timeseries', (directory) => {
  it('is unpacked and read from its long form', async () => {
    const { frames, rejections } = await playSource(
      asciiMatrix,
      {
        file: 'laser.txt.gz',
        spectra: 'long',
        axis: { name: 'wavenumberShift', unit: 'cm-1' },
        values: { quantity: 'counts' },
      },
      settingOf(directory, { noise: 'unknown' }),
    );
    expect(frames).toHaveLength(84);
    expect(rejections).toEqual([]);
    expect(frames.every(({ layout }) => layout.size === 140)).toBe(true);
    expect((frames[83]!.timeUs - frames[0]!.timeUs) / 1e6).toBeCloseTo(5722, 0);
  });
});
