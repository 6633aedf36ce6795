import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createFilePlayer } from '../../../adapters/files/filePlayer.ts';
import { fileMeaning } from '../../../adapters/files/fileSettings.ts';
import type { AdapterSetting } from '../../../src/model/adapter.ts';
import { createCollector, settingOf } from '../collect.ts';
import { countedTiny, tiny } from './tinyReader.ts';

const directory = mkdtempSync(join(tmpdir(), 'operando-player-'));
afterAll(() => rmSync(directory, { recursive: true }));
const write = (name: string, ...lines: string[]): string => {
  writeFileSync(join(directory, name), ['TINY', ...lines].join('\n'));
  return join(directory, name);
};
const schema = z.strictObject(fileMeaning);

async function play(
  paths: readonly string[],
  settings: z.input<typeof schema> = {},
  setting: Partial<AdapterSetting> = {},
  { reader = tiny, holdsLast = false } = {},
) {
  const { collected, outlet, signal } = createCollector();
  const full = settingOf(directory, setting);
  const player = await createFilePlayer(schema.parse(settings), full, [reader], outlet, signal);
  let firstSeq = 0;
  for (const path of paths) {
    const from = Math.max(0, 1 + (full.resumeAfter?.seq ?? -1) - firstSeq);
    firstSeq += (await player.play({ path, firstSeq, from, holdsLast })).count;
  }
  return collected;
}
const START_US = Date.parse('2000-01-01T00:00:00Z') * 1000;

it('plays numbers beside a spectrum and the slow signals of the file as of its time', async () => {
  const path = write('slow.tiny', 'axis 1 2', 'slow T 5 300', 'slow T 15 310', 'at 10 1 2', 'at 20 3 4');
  const { arrival, slow, frames } = await play([path]);
  expect(arrival).toEqual(['T', 'position', 0, 'T', 'position', 1]);
  expect(slow.map(({ value }) => value)).toEqual([300, 3, 310, 4]);
  expect(frames.map(({ timeUs }) => timeUs)).toEqual([10e6, 20e6]);
});

it('joins slow signals of further files, and refuses a file that has none', async () => {
  const log = write('log.tiny', 'slow I 12 0.5');
  const path = write('frames.tiny', 'axis 1 2', 'at 10 1 2', 'at 20 3 4');
  const { arrival } = await play([path], { slow: ['log.tiny'] });
  expect(arrival).toEqual(['position', 0, 'I', 'position', 1]);
  await expect(play([path], { slow: [path] })).rejects.toThrow(/has no slow signals/);
  await expect(play([log])).rejects.toThrow(/has slow signals and no spectra: name it under `slow`/);
});

it('takes a series by name or number, and asks which when there are several', async () => {
  const path = write('series.tiny', 'axis 1 2', 'series O1s', 'plain 1 1', 'series C1s', 'plain 2 2');
  expect((await play([path], { series: 'C1s' })).frames[0]!.values[0]).toBe(2);
  expect((await play([path], { series: 0 })).frames[0]!.values[0]).toBe(1);
  await expect(play([path])).rejects.toThrow(/has the series 0 'O1s', 1 'C1s': say which with `series`/);
  await expect(play([path], { series: 'N1s' })).rejects.toThrow(/but no 'N1s'/);
});

it('rejects a faulty spectrum with its place and goes on, its number left out', async () => {
  const path = write('fault.tiny', 'axis 1 2', 'plain 1 2', 'plain 1', 'plain 3 4');
  const { frames, rejections } = await play([path]);
  expect(frames.map(({ seq }) => seq)).toEqual([0, 2]);
  expect(rejections).toEqual([{ reason: 'garbage', detail: `${path}:4: 1 values` }]);
});

it('makes a new layout where the grid changes, and keeps one object for the same grid of several files', async () => {
  const one = write('one.tiny', 'axis 1 2', 'plain 1 2', 'axis 1 2 3', 'plain 1 2 3');
  const two = write('two.tiny', 'axis 1 2', 'plain 1 2');
  const { frames } = await play(
    [one, two],
    { axis: { name: 'energy' }, values: { unit: 's-1' } },
    { noise: 'gaussian' },
  );
  expect(frames.map(({ layout }) => layout.size)).toEqual([2, 3, 2]);
  expect(frames[2]!.layout).toBe(frames[0]!.layout);
  expect(frames[0]!.layout).toMatchObject({ noise: 'gaussian', unit: 's-1', quantity: 'counts' });
  expect(frames[0]!.layout.axes[0]).toMatchObject({ name: 'energy', unit: 'eV' });
});

it('gives spectra without a clock one every period from the start, and their live time as declared', async () => {
  const paths = [write('c1.tiny', 'axis 1', 'plain 1', 'plain 2'), write('c2.tiny', 'axis 1', 'plain 3')];
  const { frames } = await play(paths, { start: '2020-01-01T00:00:00Z', exposureMs: 50 }, { framePeriodUs: 100_000 });
  const start = Date.parse('2020-01-01T00:00:00Z') * 1000;
  expect(frames.map(({ timeUs }) => timeUs - start)).toEqual([0, 100_000, 200_000]);
  expect(frames.map(({ exposureUs }) => exposureUs)).toEqual([50_000, 50_000, 50_000]);
});

it.each([
  ['not known', tiny],
  ['known', countedTiny],
])('goes on after a restart as if there had been none (number of spectra %s)', async (_, reader) => {
  const paths = [
    write('r1.tiny', 'axis 1', 'since 0 1', 'since 3 2', 'since 4 3'),
    write('r2.tiny', 'axis 1', 'since 0 4', 'since', 'since 7 5', 'since 8 6'),
  ];
  const whole = await play(paths, {}, {}, { reader });
  expect(whole.frames.map(({ timeUs }) => (timeUs - START_US) / 1e6)).toEqual([0, 3, 4, 5, 12, 13]);
  for (const [at, { seq, timeUs }] of whole.frames.entries()) {
    const rest = await play(paths, {}, { resumeAfter: { seq, timeUs } }, { reader });
    expect(rest.frames.map((frame) => [frame.seq, frame.timeUs])).toEqual(
      whole.frames.slice(at + 1).map((frame) => [frame.seq, frame.timeUs]),
    );
  }
});

it('leaves the last spectrum for later when it may be unfinished', async () => {
  const path = write('held.tiny', 'axis 1 2', 'plain 1 2', 'plain 3');
  const { frames, rejections } = await play([path], {}, {}, { holdsLast: true });
  expect(frames.map(({ seq }) => seq)).toEqual([0]);
  expect(rejections).toEqual([]);
});
