import { z } from 'zod';
import type { AdapterSetting } from '../../src/model/adapter.ts';
import { defineSource } from '../../src/model/defineAdapter.ts';
import { MonitorError } from '../../src/model/error.ts';
import { createFilePlayer, faultOf } from '../files/filePlayer.ts';
import { fileMeaning } from '../files/fileSettings.ts';
import { compareText, findFiles } from '../files/findFiles.ts';
import { missing } from '../files/missing.ts';
import { readers } from '../readers/registry.ts';

const config = z.strictObject({
  files: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe(
      'Files or folders of any format that is read; * and ? stand for parts of a name. Several follow each other.',
    ),
  order: z
    .enum(['number', 'name'])
    .default('number')
    .describe('Within each entry of `files`: by name with numbers as numbers, or letter by letter.'),
  ...fileMeaning,
});
type Config = z.output<typeof config>;

export default defineSource({
  name: 'file',
  summary: 'Plays the spectra of files of any format that is read, with what the files say of time and conditions.',
  config,
  example: { files: 'scans/*.xrdml' },
  create: (settings, setting) => ({
    name: 'file',
    async run(outlet, signal) {
      const paths = pathsInOrder(settings, setting);
      const player = await createFilePlayer(settings, setting, readers, outlet, signal);
      const doneCount = 1 + (setting.resumeAfter?.seq ?? -1);
      let firstSeq = 0;
      let usableCount = 0;
      let fault: string | null = null;
      for (const path of paths) {
        const from = Math.max(0, doneCount - firstSeq);
        const played = await player.play({ path, firstSeq, from }).catch(faultOf);
        if (typeof played === 'string') {
          fault = played;
          if (from === 0) outlet.reject({ reason: 'garbage', detail: played });
          // It takes a number, so that those of the other files do not depend on it.
          firstSeq++;
          continue;
        }
        if (played.isAborted) return;
        usableCount++;
        firstSeq += played.count;
      }
      if (usableCount === 0 && fault !== null)
        throw new MonitorError('ADAPTER', `no file can be used: ${fault}`, { id: setting.stream });
    },
  }),
});

function pathsInOrder(settings: Config, setting: AdapterSetting): string[] {
  const entries = typeof settings.files === 'string' ? [settings.files] : settings.files;
  return entries.flatMap((entry) => {
    const found = findFiles(setting.resolvePath(entry));
    if (found.length === 0) throw missing(setting.stream, setting.resolvePath(entry), settings.sourceNote);
    return settings.order === 'name' ? found.sort(compareText) : found;
  });
}
