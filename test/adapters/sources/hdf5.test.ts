import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, ready } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import hdf5 from '../../../adapters/sources/hdf5.ts';
import { playSource, settingOf } from '../collect.ts';

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hdf5-'));
  await ready;
  const file = new File(join(directory, 'a.h5'), 'w');
  const counts = Int32Array.from({ length: 3 * 2 * 4 }, (_, i) => i);
  file.create_dataset({ name: 'counts', data: counts, shape: [3, 2, 4] });
  file.create_dataset({ name: 'wide', data: BigInt64Array.from(counts.subarray(0, 12), BigInt), shape: [3, 4] });
  file.create_dataset({ name: 'sigma', data: new Float32Array(12).fill(3), shape: [3, 4] });
  file.create_dataset({ name: 'y', data: Float64Array.of(2, 1), shape: [2] });
  file.create_dataset({ name: 'x', data: Float64Array.of(0, 1, 2, 3, 4), shape: [5] });
  file.create_dataset({ name: 'temperature', data: Float64Array.of(30, 10, 20), shape: [3] });
  file.create_dataset({ name: 'clock', data: Float64Array.of(0, 1500, 2500), shape: [3] });
  file.close();
  writeFileSync(join(directory, 'b.h5'), 'no HDF5 at all');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const x = { path: 'x', name: 'energy', unit: 'eV' };
const play = (settings: object, more = {}) =>
  playSource(hdf5, { file: 'a.h5', data: 'wide', axes: [x], ...settings }, settingOf(directory, more));

describe('the source hdf5', () => {
  it('reads integers of 64 bits, errors, times and slow signals in the order of a coordinate', async () => {
    const { frames, slow } = await play({
      error: 'sigma',
      orderBy: 'temperature',
      time: { path: 'clock', factor: 1e-3 },
      exposure: { path: 'clock', factor: 1e-6 },
      signals: { temperature: { path: 'temperature', unit: 'K' } },
    });
    expect(frames.map(({ values }) => values[0])).toEqual([4, 8, 0]);
    expect(frames.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(frames[0]!.variances).toEqual(new Float64Array(4).fill(9));
    expect(frames.map(({ timeUs }) => timeUs - frames[2]!.timeUs)).toEqual([1.5e6, 2.5e6, 0]);
    expect(frames[0]!.exposureUs).toBeCloseTo(1500, 6);
    expect(slow.map(({ value }) => value)).toEqual([10, 20, 30]);
    expect(frames[0]!.layout).toMatchObject({ size: 4, axes: [{ placement: 'edge' }] });
  });

  it('reads frames of two dimensions, one of them descending', async () => {
    const { frames } = await play({ data: 'counts', axes: [{ path: 'y', name: 'y', unit: 'mm' }, x] });
    expect(frames[0]!.layout.axes.map(({ coordinates }) => [...coordinates])).toEqual([
      [1, 2],
      [0, 1, 2, 3, 4],
    ]);
    expect([...frames[1]!.values]).toEqual([12, 13, 14, 15, 8, 9, 10, 11]);
  });

  it('says what is missing or wrong, and what there is', async () => {
    await expect(play({ file: 'none.h5', sourceNote: 'from the lab' })).rejects.toThrow(
      /no .*none\.h5 \(from the lab\)/,
    );
    await expect(play({ file: 'b.h5' })).rejects.toThrow(/b\.h5 is no readable HDF5 file/);
    await expect(play({ data: 'entry/x' })).rejects.toThrow(/no dataset 'entry\/x' in .*, but .*wide \[3, 4\]/);
    await expect(play({ axes: [{ ...x, path: 'y' }] })).rejects.toThrow(/'y' has 2 numbers for 4 channels/);
    await expect(play({ data: 'counts' })).rejects.toThrow(/1 axes given for 2 dimensions/);
    await expect(play({ orderBy: 'x' })).rejects.toThrow(/'x' has 5 numbers, expected 3/);
  });
});
