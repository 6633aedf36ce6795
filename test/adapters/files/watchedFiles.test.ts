import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createFilePlayer } from '../../../adapters/files/filePlayer.ts';
import { fileMeaning } from '../../../adapters/files/fileSettings.ts';
import { createFolderWatch } from '../../../adapters/files/folderWatch.ts';
import type { FolderWatchOptions } from '../../../adapters/files/folderWatch.ts';
import { openLedger } from '../../../adapters/files/ledger.ts';
import { createWatchedFiles } from '../../../adapters/files/watchedFiles.ts';
import type { WatchedFilesOptions } from '../../../adapters/files/watchedFiles.ts';
import { createCollector, settingOf } from '../collect.ts';
import { tiny } from './tinyReader.ts';

let folder = '';
let nowMs = 0;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'operando-watch-')), 'incoming');
  mkdirSync(folder);
  nowMs = 0;
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const HEAD = 'TINY\naxis 1 2\n';
const spectra = (...values: number[]): string => values.map((value) => `plain ${value} ${value}\n`).join('');
const put = (name: string, ...values: number[]): void => writeFileSync(join(folder, name), HEAD + spectra(...values));

/** A watch with a clock that the test moves: each look is half a second after the one before. */
async function watching(
  more: Partial<WatchedFilesOptions & FolderWatchOptions> = {},
  resumeAfter: { seq: number; timeUs: number } | null = null,
) {
  const { collected, outlet, signal } = createCollector();
  const options: WatchedFilesOptions & FolderWatchOptions = {
    folder,
    names: '*.tiny',
    order: 'number',
    whole: 'settled',
    settleMs: 1000,
    marker: '.done',
    grows: false,
    replaced: 'tell',
    existing: 'read',
    clock: 'start',
    ...more,
  };
  const player = await createFilePlayer(
    z.strictObject(fileMeaning).parse({}),
    settingOf(folder, { resumeAfter }),
    [tiny],
    outlet,
    signal,
  );
  const ledger = openLedger(join(folder, '..', 'ledger'), resumeAfter?.seq ?? null, 's');
  const files = createWatchedFiles(options, ledger, player, outlet, signal);
  const folderWatch = createFolderWatch(options, () => nowMs);
  const looks = async (count = 1): Promise<string | null> => {
    let trouble: string | null = null;
    for (let k = 0; k < count; k++) {
      nowMs += 500;
      const seen = await folderWatch.look();
      trouble = typeof seen === 'string' ? seen : await files.take(seen);
    }
    return trouble;
  };
  const played = () => collected.frames.map(({ seq, values }) => `${seq}:${values[0]}`).join(' ');
  return { looks, played, collected };
}

it('reads a file once, when it has lain still, and leaves temporary names alone', async () => {
  const { looks, played, collected } = await watching();
  put('a1.tiny', 1);
  put('.a2.tiny', 9);
  put('a3.tiny~', 9);
  put('a4.tiny.part', 9);
  await looks(2);
  expect(played()).toBe('');
  appendFileSync(join(folder, 'a1.tiny'), spectra(2));
  await looks(2);
  expect(played()).toBe('');
  await looks(5);
  expect(played()).toBe('0:1 1:2');
  expect(collected.rejections).toEqual([]);
});

it('keeps the order of names, numbers as numbers, and makes a file wait for those before it', async () => {
  const { looks, played } = await watching();
  put('s10.tiny', 10);
  put('s9.tiny', 9);
  await looks(2);
  appendFileSync(join(folder, 's9.tiny'), spectra(9.5));
  await looks(1);
  expect(played()).toBe('');
  await looks(3);
  expect(played()).toBe('0:9 1:9.5 2:10');
  put('s11.tiny', 11);
  await looks(4);
  expect(played()).toBe('0:9 1:9.5 2:10 3:11');
});

it('reads at once what was renamed to its final name, and what a marker says is whole', async () => {
  const renamed = await watching({ whole: 'renamed' });
  put('a.tiny.tmp', 1);
  await renamed.looks();
  renameSync(join(folder, 'a.tiny.tmp'), join(folder, 'a.tiny'));
  await renamed.looks();
  expect(renamed.played()).toBe('0:1');
  rmSync(join(folder, '..', 'ledger'));
  const marked = await watching({ whole: 'marked', names: '*' });
  await marked.looks(5);
  expect(marked.played()).toBe('');
  writeFileSync(join(folder, 'a.tiny.done'), '');
  await marked.looks();
  expect(marked.played()).toBe('0:1');
});

it('delivers new spectra of a growing file as they come, all but an unfinished last one', async () => {
  const { looks, played, collected } = await watching({ grows: true });
  put('run1.tiny', 1, 2);
  await looks();
  expect(played()).toBe('0:1');
  appendFileSync(join(folder, 'run1.tiny'), 'plain 3');
  await looks();
  expect(played()).toBe('0:1 1:2');
  appendFileSync(join(folder, 'run1.tiny'), ' 3\n');
  await looks(4);
  expect(played()).toBe('0:1 1:2 2:3');
  put('run2.tiny', 7);
  await looks(4);
  appendFileSync(join(folder, 'run1.tiny'), spectra(4));
  await looks(4);
  expect(played()).toBe('0:1 1:2 2:3 3:7 4:4');
  expect(collected.rejections).toEqual([]);
});

it('waits for a growing file whose beginning cannot be read yet', async () => {
  const { looks, played, collected } = await watching({ grows: true });
  writeFileSync(join(folder, 'a.tiny'), 'TI');
  await looks();
  writeFileSync(join(folder, 'a.tiny'), HEAD + spectra(1));
  await looks(4);
  expect(played()).toBe('0:1');
  expect(collected.rejections).toEqual([]);
});

it.each([false, true])(
  'goes on after a restart at every frame, nothing twice and nothing left out (grows: %s)',
  async (grows) => {
    put('a.tiny', 1, 2, 3);
    put('b.tiny', 4, 5);
    const first = await watching({ grows });
    await first.looks(5);
    expect(first.played()).toBe('0:1 1:2 2:3 3:4 4:5');
    put('c.tiny', 6);
    for (const { seq, timeUs } of first.collected.frames) {
      const again = await watching({ grows }, { seq, timeUs });
      await again.looks(6);
      expect(again.played()).toBe(['0:1', '1:2', '2:3', '3:4', '4:5', '5:6'].slice(seq + 1).join(' '));
    }
    const fresh = await watching({ grows });
    await fresh.looks(6);
    expect(fresh.played()).toBe('');
  },
);

it('tells of files that are gone before they were read, and of changes to those that were read', async () => {
  const { looks, collected, played } = await watching();
  put('a.tiny', 1);
  await looks(4);
  put('b.tiny', 2);
  await looks();
  rmSync(join(folder, 'b.tiny'));
  put('a.tiny', 5, 6);
  await looks(4);
  expect(played()).toBe('0:1');
  expect(collected.reports).toEqual([
    'ok: b.tiny has gone before it was read',
    'ok: a.tiny has changed since it was read: it is not read again',
  ]);
});

it('reads one name again and again when it stands for the latest spectrum', async () => {
  const { looks, played } = await watching({ replaced: 'read' });
  put('latest.tiny', 1);
  await looks(4);
  put('latest.tiny', 2);
  utimesSync(join(folder, 'latest.tiny'), 5, 5);
  await looks(4);
  expect(played()).toBe('0:1 1:2');
});

it('rejects a file that cannot be read, under a number of its own, and goes on', async () => {
  writeFileSync(join(folder, 'a.tiny'), 'no format at all');
  put('b.tiny', 2);
  const { looks, played, collected } = await watching();
  await looks(5);
  expect(played()).toBe('1:2');
  expect(collected.rejections).toHaveLength(1);
  expect(collected.rejections[0]!.detail).toMatch(/a\.tiny is not a format that is read here: looks like text/);
});

it('says that a folder is away, also when only its mount point is left, and goes on when it is back', async () => {
  const { looks, played } = await watching();
  put('a.tiny', 1);
  await looks(4);
  renameSync(folder, `${folder}2`);
  expect(await looks()).toMatch(/is away: ENOENT/);
  mkdirSync(folder);
  expect(await looks()).toMatch(/empty that was not: a drive that is away/);
  rmSync(folder, { recursive: true });
  renameSync(`${folder}2`, folder);
  put('b.tiny', 2);
  expect(await looks(4)).toBeNull();
  expect(played()).toBe('0:1 1:2');
});

it('leaves out what was there at the first start, if it shall', async () => {
  put('old.tiny', 1);
  const { looks, played } = await watching({ existing: 'skip' });
  await looks(4);
  put('zzz.tiny', 2);
  await looks(4);
  expect(played()).toBe('0:2');
});

it('dates spectra without a time by when their file changed, and never before the one before', async () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 1) + seconds * 1000);
  for (const [name, seconds] of [
    ['a1.tiny', 10],
    ['a2.tiny', 25.5],
    ['a3.tiny', 25.5],
    ['a4.tiny', 12],
  ] as const) {
    put(name, 1);
    utimesSync(join(folder, name), at(seconds), at(seconds));
  }
  const { looks, collected } = await watching({ clock: 'changed' });
  await looks(4);
  const offsets = collected.frames.map(({ timeUs }) => timeUs / 1e6 - at(0).getTime() / 1000);
  expect(offsets).toEqual([10, 25.5, 26.5, 27.5]);
});
