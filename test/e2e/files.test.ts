import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { python } from '../support/h5py.ts';
import { dataRoot, operando, start } from '../support/operando.ts';
import { needs } from '../support/requirement.ts';
import { until } from '../support/servers.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-files-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const CHANNELS = 40;
const countsOf = (scan: number): number[] => Array.from({ length: CHANNELS }, (_, i) => 100 + scan + ((i * 7) % 13));
/** A diffraction pattern in columns, as it may be called. */
const columns = (scan: number): string =>
  countsOf(scan)
    .map((counts, i) => `${(20 + i * 0.05).toFixed(2)} ${counts}\n`)
    .join('');
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const hasPython = needs('servers', 'python3 with h5py', python !== null);

describe('measured files', () => {
  it.skipIf(!hasPython)(
    'become a recording that replays, and leave it as CSV and NeXus with every count',
    async () => {
      await mkdir(join(folder, 'scans'));
      for (let scan = 1; scan <= 12; scan++) await writeFile(join(folder, 'scans', `scan${scan}.xy`), columns(scan));
      await writeFile(
        join(folder, 'oven.csv'),
        `time;temperature/K\n${Array.from({ length: 8 }, (_, i) => `2024-05-01 12:00:0${i};${300 + i},5\n`).join('')}`,
      );
      const imported = await operando(
        [
          'import',
          'scans/*.xy',
          '--out',
          'run',
          '--slow',
          'oven.csv',
          '--start',
          '2024-05-01T12:00:00Z',
          '--period',
          '1',
        ],
        folder,
      );
      expect(imported.out).toMatch(/: 12 spectra in run$/m);
      const again = await operando(['import', 'scans/*.xy', '--out', 'run'], folder);
      expect([again.code, again.err]).toEqual([2, expect.stringContaining('a recording in run already')]);

      const replayed = await operando(['replay', 'run', '--no-page', '--speed', 'max'], folder);
      expect([replayed.code, replayed.out]).toEqual([0, expect.stringContaining('12 received = 12 processed')]);

      const exported = await operando(['export', 'run', '--out', 'run.nxs'], folder);
      expect(exported).toMatchObject({ code: 0 });
      const told = execFileSync(
        python!,
        [
          '-c',
          `
import h5py, json, sys
found = {}
def look(name, node):
    if isinstance(node, h5py.Dataset) and node.ndim == 2:
        found['shape'] = list(node.shape); found['sums'] = [float(v) for v in node[()].sum(axis=1)]
    if isinstance(node, h5py.Dataset) and node.ndim == 1 and node.shape[0] == ${CHANNELS}:
        found['axis'] = [float(node[0]), float(node[-1])]
with h5py.File('run.nxs') as file: file.visititems(look)
print(json.dumps(found))`,
        ],
        { cwd: folder },
      );
      const { shape, sums, axis } = JSON.parse(told.toString()) as Record<'shape' | 'sums' | 'axis', number[]>;
      expect(shape).toEqual([12, CHANNELS]);
      expect(sums).toEqual(Array.from({ length: 12 }, (_, i) => sum(countsOf(i + 1))));
      expect(axis![0]).toBeCloseTo(20, 9);
      expect(axis![1]).toBeCloseTo(20 + (CHANNELS - 1) * 0.05, 9);

      expect(await operando(['export', 'run', '--out', 'csv'], folder)).toMatchObject({ code: 0 });
      const tables = readdirSync(join(folder, 'csv'));
      const texts = await Promise.all(tables.map((name) => readFile(join(folder, 'csv', name), 'utf8')));
      expect(texts.some((text) => text.includes('temperature') && text.includes('305.5'))).toBe(true);
    },
    60_000,
  );

  const wdf = join(dataRoot, 'raman_wdf');
  it.skipIf(!needs('data', 'raman_wdf', existsSync(wdf)))(
    'of an instrument are imported as they are: every spectrum, its places and its axis',
    async () => {
      const file = readdirSync(wdf).find((name) => name.endsWith('.wdf'))!;
      const inspected = await operando(['inspect', join(wdf, file)], folder);
      const count = Number(/(\d+) (?:spectra|spectrum|frames?)/.exec(inspected.out)?.[1]);
      const imported = await operando(['import', join(wdf, file), '--out', 'raman'], folder);
      expect(imported.out).toMatch(new RegExp(`: ${count} spectr(a|um) in raman`));
      const replayed = await operando(['replay', 'raman', '--no-page', '--speed', 'max'], folder);
      expect(replayed.code).toBe(0);
    },
    60_000,
  );
});

describe('a watched folder', () => {
  const pipeline = `version: 1
run: watched
streams:
  xrd:
    source:
      use: watchFolder
      with: { folder: incoming, names: '*.xy', settleMs: 150, pollMs: 40 }
    noise: poisson
pipeline:
  - { id: total, from: xrd, use: quantification.intensity }
sinks:
  - { id: log, from: total, use: jsonLines, with: { path: log.jsonl } }
checkpoint: { file: state.checkpoint, everyFrames: 1 }
page: { port: 0 }
`;
  const totals = async (): Promise<number[]> => {
    const text = await readFile(join(folder, 'watch', 'log.jsonl'), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line.endsWith('}'));
    const readings = lines.map((line) => JSON.parse(line) as { name: string; value: number; seq: number });
    return readings.filter(({ name }) => name === 'total').map(({ value }) => Math.round(value));
  };
  const wanted = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => sum(countsOf(from + i)));

  it('is read file by file, each once and in order, however they come, and over a killed monitor', async () => {
    const cwd = join(folder, 'watch');
    const incoming = join(cwd, 'incoming');
    await mkdir(incoming, { recursive: true });
    await writeFile(join(cwd, 'watch.yaml'), pipeline);
    const put = async (scan: number): Promise<void> => {
      await writeFile(join(incoming, `scan${scan}.part`), columns(scan));
      await rename(join(incoming, `scan${scan}.part`), join(incoming, `scan${scan}.xy`));
    };
    const first = start(['run', 'watch.yaml'], cwd);
    await put(1);
    // Written in two goes: half a pattern is no pattern.
    const [head, tail] = [columns(2).slice(0, 150), columns(2).slice(150)];
    await writeFile(join(incoming, 'scan2.xy'), head);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await appendFile(join(incoming, 'scan2.xy'), tail);
    for (const scan of [3, 4, 5, 10, 9]) await put(scan);
    await until('five files are read', async () => (await totals()).length >= 5);
    first.child.kill('SIGKILL');
    await first.done;
    for (const scan of [11, 12]) await put(scan);
    const second = start(['run', 'watch.yaml'], cwd);
    await until('the rest is read', async () => new Set(await totals()).size >= 9);
    for (const scan of [13]) await put(scan);
    await until('a new one is read', async () => new Set(await totals()).size >= 10);
    second.child.kill('SIGTERM');
    expect((await second.done).code).toBe(0);
    const seen = await totals();
    // What was said after the last checkpoint is said again, to the same effect; nothing else is.
    const once = [...new Set(seen)];
    expect(once).toEqual([...wanted(1, 5), ...wanted(9, 13)]);
    expect(seen.length - once.length).toBeLessThanOrEqual(5);
  }, 60_000);
});
