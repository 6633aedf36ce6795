import { watch } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { FrameOutlet } from '../../src/model/adapter.ts';
import { defineSource } from '../../src/model/defineAdapter.ts';
import { createFilePlayer } from '../files/filePlayer.ts';
import { fileMeaning } from '../files/fileSettings.ts';
import { createFolderWatch } from '../files/folderWatch.ts';
import { openLedger } from '../files/ledger.ts';
import { createWatchedFiles } from '../files/watchedFiles.ts';
import { readers } from '../readers/registry.ts';

const LEAST_PAUSE_MS = 50;

const config = z.strictObject({
  folder: z
    .string()
    .min(1)
    .describe('The folder, relative to the pipeline file. It may come later, and go and come back.'),
  names: z
    .string()
    .min(1)
    .default('*')
    .describe('Which files; * and ? stand for parts of a name. Temporary names are left out.'),
  order: z
    .enum(['number', 'time'])
    .default('number')
    .describe('By name with numbers as numbers, or by the time of the last change. A file waits for those before it.'),
  whole: z
    .enum(['settled', 'renamed', 'marked'])
    .default('settled')
    .describe(
      'When a file is whole: its size and time have not changed for settleMs; it has its final name, as programs that write elsewhere and rename give it; or a marker lies beside it.',
    ),
  settleMs: z.number().min(0).default(1000).describe('How long a file has to lie still.').meta({ unit: 'ms' }),
  marker: z.string().min(1).default('.done').describe("What is appended to a name by the marker: 'scan1.xy.done'."),
  grows: z
    .boolean()
    .default(false)
    .describe('Files get spectrum after spectrum: all but the last are played while a file is still written.'),
  replaced: z
    .enum(['tell', 'read'])
    .default('tell')
    .describe(
      'When a file that was read changes: only tell, or read it anew, as with one name for the latest spectrum.',
    ),
  existing: z.enum(['read', 'skip']).default('read').describe('Files that are there at the first start.'),
  clock: z
    .enum(['changed', 'start'])
    .default('changed')
    .describe(
      'Time of spectra in files without a clock: when the file last changed, or counted from `start`, a period each.',
    ),
  pollMs: z.number().min(10).default(500).describe('How often the folder is looked at.').meta({ unit: 'ms' }),
  ledger: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where it is kept which files were read; left out, STREAM.ledger beside the pipeline file. Delete it to read all anew.',
    ),
  ...fileMeaning,
});

export default defineSource({
  name: 'watchFolder',
  summary: 'Plays files of any format that is read as they appear in a folder, or grow; each once, also over restarts.',
  config,
  example: { folder: 'incoming', names: '*.xrdml' },
  create: (settings, setting) => ({
    name: 'watchFolder',
    async run(outlet, signal) {
      const folder = setting.resolvePath(settings.folder);
      const ledgerPath = setting.resolvePath(settings.ledger ?? `${setting.stream}.ledger`);
      const ledger = openLedger(ledgerPath, setting.resumeAfter?.seq ?? null, setting.stream);
      if (ledger.files.size > 0 && setting.resumeAfter === null)
        outlet.report({ state: 'ok', detail: `${ledger.files.size} files were read before, says ${ledgerPath}` });
      const player = await createFilePlayer(settings, setting, readers, outlet, signal);
      const files = createWatchedFiles(settings, ledger, player, outlet, signal);
      const watched = createFolderWatch({ ...settings, folder });
      let trouble: string | null = null;
      while (!signal.aborted) {
        const seen = await watched.look();
        const now = typeof seen === 'string' ? seen : await files.take(seen);
        if (now !== trouble) tell(outlet, now);
        trouble = now;
        await untilNextLook(folder, settings.pollMs, signal);
      }
    },
  }),
});

function tell(outlet: FrameOutlet, trouble: string | null): void {
  outlet.report(trouble === null ? { state: 'ok', detail: '' } : { state: 'down', detail: trouble });
}

/** Waits for the next look; a notification of the file system only brings it forward. */
async function untilNextLook(folder: string, pollMs: number, signal: AbortSignal): Promise<void> {
  // A folder in which much happens is not looked at without end.
  await pause(Math.min(LEAST_PAUSE_MS, pollMs), undefined, { signal }).catch(() => undefined);
  const hint = new AbortController();
  const end = AbortSignal.any([hint.signal, signal]);
  let watcher: ReturnType<typeof watch> | null = null;
  try {
    watcher = watch(folder, () => hint.abort());
    watcher.on('error', () => undefined);
  } catch {
    // Where there are no notifications, looking has to do.
  }
  await pause(pollMs, undefined, { signal: end }).catch(() => undefined);
  watcher?.close();
}
