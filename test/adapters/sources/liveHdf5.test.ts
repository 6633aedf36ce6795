import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, ready } from 'h5wasm/node';
import { install_local_plugins } from 'h5wasm-plugins';
import { afterAll, beforeAll, expect, it } from 'vitest';
import hdf5 from '../../../adapters/sources/hdf5.ts';
import { needs } from '../../support/requirement.ts';
import { python, runPython } from '../../support/h5py.ts';
import { until } from '../../support/servers.ts';
import { createCollector, playSource, settingOf } from '../collect.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'live-hdf5-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const WRITER = `
import sys, h5py, numpy as np
f = h5py.File(sys.argv[1], 'w', libver='latest')
f['x'] = np.arange(8.0)
d = f.create_dataset('d', shape=(0, 8), maxshape=(None, 8), chunks=(4, 8), compression='gzip')
t = f.create_dataset('t', shape=(0,), maxshape=(None,), chunks=(16,), dtype='f8')
f.swmr_mode = True
n = 0
for line in sys.stdin:
    for _ in range(int(line)):
        n += 1
        d.resize(n, axis=0); d[n - 1] = n
        d.flush()
        t.resize(n, axis=0); t[n - 1] = 10 * n
        t.flush()
    print(n)
`;
const settings = {
  data: 'd',
  axes: [{ path: 'x', name: 'energy', unit: 'eV' }],
  signals: { temperature: { path: 't', unit: 'K' } },
  follow: true,
  pollMs: 10,
};

it.skipIf(!needs('servers', 'python3-h5py', python !== null))(
  'plays every row of a file that h5py is writing, right and once, and goes on after a restart',
  async () => {
    const { collected, outlet, signal, abort } = createCollector();
    const parsed = hdf5.config.parse({ file: 'live.h5', ...settings });
    const running = hdf5.create(parsed, settingOf(directory)).run(outlet, signal);
    await until('it waits for the file', () => collected.reports.some((report) => report.startsWith('connecting')));
    const writer = runPython(WRITER, [join(directory, 'live.h5')]);
    let count = 0;
    for (const burst of [1, 3, 40, 1, 25, 130]) {
      writer.say(String(burst));
      expect(await writer.line()).toBe(String((count += burst)));
      await until(`${count} frames are there`, () => collected.frames.length >= count);
    }
    abort();
    await running;
    const wanted = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(collected.frames.map(({ seq }) => seq + 1)).toEqual(wanted);
    for (const { seq, values } of collected.frames) expect([...values]).toEqual(Array<number>(8).fill(seq + 1));
    expect(collected.slow.map(({ value }) => value / 10)).toEqual(wanted);
    expect(new Set(collected.frames.map(({ layout }) => layout)).size).toBe(1);

    const { seq, timeUs } = collected.frames[149]!;
    const rest = await playSource(
      hdf5,
      { file: 'live.h5', ...settings },
      settingOf(directory, { resumeAfter: { seq, timeUs } }),
      50,
    );
    expect(rest.frames[0]!.values[0]).toBe(151);
    await writer.kill();
    const dead = await playSource(hdf5, { file: 'live.h5', ...settings }, settingOf(directory), 200);
    expect(dead.frames[199]!.values[7]).toBe(200);
  },
);

it.each([
  ['bitshuffle with LZ4', 32008, [0, 2]],
  ['LZ4', 32004, [0]],
  ['Blosc', 32001, []],
  ['Zstandard', 32015, [3]],
] as const)('reads datasets that were compressed with %s', async (_name, filter, options) => {
  const module = await ready;
  install_local_plugins(module);
  const path = join(directory, `${filter}.h5`);
  const file = new File(path, 'w');
  file.create_dataset({ name: 'x', data: Float64Array.from({ length: 64 }, (_, i) => i), shape: [64] });
  const counts = Int32Array.from({ length: 16 * 64 }, (_, i) => i % 97);
  file.create_dataset({
    ...{ name: 'd', data: counts, shape: [16, 64], chunks: [4, 64] },
    ...{ compression: filter, compression_opts: [...options] },
  });
  file.close();
  const { frames } = await playSource(
    hdf5,
    { file: path, data: 'd', axes: [{ path: 'x', name: 'energy', unit: 'eV' }] },
    settingOf(directory),
  );
  expect(frames).toHaveLength(16);
  expect([...frames[7]!.values]).toEqual(Array.from({ length: 64 }, (_, i) => (7 * 64 + i) % 97));
});
