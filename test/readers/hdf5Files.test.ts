import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { File, ready, type Group } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import hyperspy from '../../adapters/readers/hyperspy.ts';
import nexus from '../../adapters/readers/nexus.ts';
import { dataRoot } from '../support/operando.ts';
import { hasRecording } from '../support/realSpectra.ts';
import { createFolder, expectHonest, headOf, readAll, type Folder } from './binaryFiles.ts';

let folder: Folder;
beforeAll(async () => {
  folder = createFolder();
  await ready;
});
afterAll(() => folder.remove());

function write(name: string, fill: (file: File) => void): string {
  const file = new File(folder.path(name), 'w');
  fill(file);
  file.close();
  return folder.path(name);
}

const group = (parent: Group, name: string, attributes: Record<string, string | string[] | number>): Group => {
  const made = parent.create_group(name);
  for (const [key, value] of Object.entries(attributes)) made.create_attribute(key, value);
  return made;
};
const put = (parent: Group, name: string, data: Float64Array | Int32Array, shape: number[], units = ''): void => {
  const made = parent.create_dataset({ name, data, shape });
  if (units !== '') made.create_attribute('units', units);
};
const ramp = (length: number, first = 0): Float64Array => Float64Array.from({ length }, (_, i) => first + i);

/** Three spectra of four channels with times, temperatures and errors; a map beside it; a log. */
const scan = (name: string): string =>
  write(name, (file) => {
    file.create_attribute('default', 'entry');
    const entry = group(file, 'entry', { NX_class: 'NXentry', default: 'main' });
    entry.create_dataset({ name: 'start_time', data: '2026-01-01T00:00:00Z' });
    const map = group(entry, 'map', { NX_class: 'NXdata', signal: 'counts', axes: ['y', 'x', 'energy'] });
    put(map, 'counts', Int32Array.from(ramp(24)), [2, 3, 4]);
    put(map, 'y', ramp(2), [2], 'um');
    put(map, 'x', ramp(3, 10), [3], 'um');
    put(map, 'energy', ramp(4, 700), [4], 'eV');
    const main = group(entry, 'main', { NX_class: 'NXdata', signal: 'data', axes: ['time', 'two_theta'] });
    put(main, 'data', ramp(12), [3, 4]);
    put(main, 'data_errors', new Float64Array(12).fill(2), [3, 4]);
    put(main, 'two_theta', Float64Array.of(4, 3, 2, 1), [4], 'degrees');
    put(main, 'time', Float64Array.of(0, 1, 2.5), [3], 'min');
    put(main, 'temperature', Float64Array.of(300, 310, 320), [3], 'kelvin');
    put(main, 'count_time', Float64Array.of(100, 200, 300), [3], 'ms');
    const log = group(entry, 'furnace', { NX_class: 'NXlog' });
    put(log, 'value', Float64Array.of(20, 21), [2], 'celsius');
    put(log, 'time', Float64Array.of(0, 2), [2], 's');
    (log.get('time') as Group).create_attribute('start', '2026-01-01T00:00:10Z');
  });

describe('the reader of NeXus files', () => {
  it('gives each NXdata as a series, the default first, with times, temperatures and errors', async () => {
    const path = scan('a.nxs');
    expect(nexus.recognise(headOf(new Uint8Array(readFileSync(path)), 'nxs'))).toBe('likely');
    const { contents, read } = await readAll(nexus, path);
    expect(contents).toMatchObject({ format: 'NeXus', modality: 'XRD' });
    expect(contents.series.map(({ name, frameCount, shape }) => ({ name, frameCount, shape }))).toEqual([
      { name: 'entry/main', frameCount: 3, shape: null },
      { name: 'entry/map', frameCount: 6, shape: [2, 3] },
    ]);
    expect(contents.series[0]!.layout).toMatchObject({ noise: 'gaussian', axes: [{ name: 'twoTheta', unit: 'deg' }] });
    expect(read[0]!.frames[2]).toMatchObject({
      values: Float64Array.of(11, 10, 9, 8),
      variances: new Float64Array(4).fill(4),
      seconds: 150,
      timeUs: Date.UTC(2026, 0, 1, 0, 2, 30) * 1000,
      exposureUs: 300_000,
      numbers: [{ name: 'temperature', value: 320, unit: 'K' }],
    });
    expect(read[1]!.frames[4]).toMatchObject({
      values: Float64Array.of(16, 17, 18, 19),
      numbers: [
        { name: 'x', value: 11, unit: 'um' },
        { name: 'y', value: 1, unit: 'um' },
      ],
    });
    expect(contents.slow).toEqual([
      { type: 'slow', name: 'furnace', timeUs: Date.UTC(2026, 0, 1, 0, 0, 10) * 1000, value: 20, unit: 'Cel' },
      { type: 'slow', name: 'furnace', timeUs: Date.UTC(2026, 0, 1, 0, 0, 12) * 1000, value: 21, unit: 'Cel' },
    ]);
  });

  it('reads older files, whose signal says it is one and names its axes itself', async () => {
    const path = write('b.nxs', (file) => {
      const data = group(group(file, 'entry', { NX_class: 'NXentry' }), 'data', { NX_class: 'NXdata' });
      put(data, 'Q', ramp(4), [4], '1/Angstrom');
      put(data, 'dspacing', ramp(4, 1), [4], 'Angstrom');
      put(data, 'intensity', Float64Array.of(1, NaN, 3, 4, 5, 6), [2, 3]);
      const intensity = data.get('intensity') as Group;
      intensity.create_attribute('signal', 1);
      intensity.create_attribute('axes', 'temperature,dspacing');
      put(data, 'temperature', Float64Array.of(100, 200), [2], 'Kelvin');
    });
    const { contents, read } = await readAll(nexus, path);
    expect(contents.series[0]!.layout.axes[0]).toMatchObject({ name: 'dSpacing', unit: 'Ao', placement: 'edge' });
    expect(read[0]!.frames[0]).toMatchObject({ values: Float64Array.of(1, 0, 3), mask: Uint8Array.of(0, 1, 0) });
    expect(read[0]!.frames.map(({ numbers }) => numbers[0]!.value)).toEqual([100, 200]);
  });

  it('takes of plain HDF5 what has an axis beside it, and lists what it could not take', async () => {
    const path = write('c.h5', (file) => {
      put(file, 'spectra', Int32Array.from(ramp(6)), [2, 3]);
      put(file, 'energy', ramp(3, 5), [3]);
      put(group(file, 'camera', {}), 'image', ramp(8), [2, 4]);
    });
    const { contents, read } = await readAll(nexus, path);
    expect(contents).toMatchObject({ format: 'HDF5', oddities: ["'camera/image' [2, 4] has no axis beside it"] });
    expect(contents.series[0]!.layout).toMatchObject({ noise: 'poisson', axes: [{ name: 'energy' }] });
    expect(read[0]!.frames.map(({ values }) => values[2])).toEqual([2, 5]);
    const bare = write('d.h5', (file) => put(file, 'image', ramp(8), [2, 4]));
    await expect(readAll(nexus, bare)).rejects.toThrow(/no spectra .*no axis beside it.*There is image \[2, 4\]/);
  });

  it('follows a group that contains itself only so far', async () => {
    const path = write('e.h5', (file) => {
      const inner = group(file, 'a', {});
      inner.create_hard_link('/a', 'b');
      inner.create_hard_link('/a', 'c');
    });
    await expect(readAll(nexus, path)).rejects.toThrow(/no spectra/);
  });

  it('survives cuts and wrong bytes', async () => {
    const bytes = new Uint8Array(readFileSync(scan('f.nxs')));
    for (let at = 0; at < bytes.length; at += 997) {
      await expectHonest(nexus, folder, bytes.subarray(0, at), `cut at ${at}`);
      const changed = bytes.slice();
      changed[at] = 0xff;
      await expectHonest(nexus, folder, changed, `byte ${at}`);
    }
  });

  it.skipIf(!hasRecording('npd_halide_perovskite_temperature'))('reads a real diffraction series', async () => {
    const path = join(dataRoot, 'npd_halide_perovskite_temperature/Powder_Diffraction.nxs');
    const { contents, read } = await readAll(nexus, path);
    expect(contents.series[0]).toMatchObject({ frameCount: 140, layout: { size: 5199, axes: [{ unit: 'Ao' }] } });
    expect(read[0]!.frames[66]!.numbers[0]).toMatchObject({ name: 'temperature', unit: 'K' });
    expect(read[0]!.frames[66]!.numbers[0]!.value).toBeCloseTo(155, 0);
  });
});

describe('the reader of HyperSpy files', () => {
  const cube = (name: string): string =>
    write(name, (file) => {
      file.create_attribute('file_format', 'HyperSpy');
      file.create_attribute('file_format_version', '3.3');
      const signal = group(file.create_group('Experiments'), 'cube', {});
      const data = Float32Array.from(ramp(12));
      signal.create_dataset({ name: 'data', data, shape: [2, 2, 3], chunks: [1, 2, 3], compression: 'gzip' });
      group(signal, 'axis-0', { name: 'y', scale: 0.5, offset: 10, units: 'nm', navigate: 1 });
      group(signal, 'axis-1', { name: 'x', scale: 1, offset: 0, units: '<undefined>', navigate: 1 });
      group(signal, 'axis-2', { name: 'Energy', scale: 0.01, offset: -0.1, units: 'keV', navigate: 0 });
      const metadata = group(signal, 'metadata', {});
      group(metadata, 'Signal', { signal_type: 'EDS_TEM' });
      group(metadata, 'General', { title: 'a cube' });
    });

  it('gives compressed spectrum images pixel by pixel', async () => {
    const path = cube('a.hspy');
    expect(hyperspy.recognise(headOf(new Uint8Array(readFileSync(path)), 'hspy'))).toBe('certain');
    const { contents, read } = await readAll(hyperspy, path);
    expect(contents).toMatchObject({ format: 'HyperSpy 3.3', modality: 'EDX' });
    expect(contents.series[0]).toMatchObject({ frameCount: 4, shape: [2, 2], facts: { title: 'a cube' } });
    const { axes, noise } = contents.series[0]!.layout;
    expect([axes[0]!.name, axes[0]!.unit, noise]).toEqual(['energy', 'keV', 'poisson']);
    expect(axes[0]!.coordinates[2]).toBeCloseTo(-0.08, 12);
    expect(read[0]!.frames[3]).toMatchObject({
      values: Float64Array.of(9, 10, 11),
      numbers: [
        { name: 'y', value: 10.5, unit: 'nm' },
        { name: 'x', value: 1, unit: '1' },
      ],
    });
  });

  it('refuses files without spectra, and survives cuts and wrong bytes', async () => {
    const empty = write('b.hspy', (file) => void group(file.create_group('Experiments'), 'nothing', {}));
    await expect(readAll(hyperspy, empty)).rejects.toThrow(/no spectra in this file: 'nothing' holds no numbers/);
    const bytes = new Uint8Array(readFileSync(cube('c.hspy')));
    for (let at = 0; at < bytes.length; at += 997) {
      await expectHonest(hyperspy, folder, bytes.subarray(0, at), `cut at ${at}`);
      const changed = bytes.slice();
      changed[at] = 0xff;
      await expectHonest(hyperspy, folder, changed, `byte ${at}`);
    }
  });
});
