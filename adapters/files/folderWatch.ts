import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explainError } from '../../src/model/error.ts';
import { compareNatural, nameMatcher } from './findFiles.ts';

/** Names that programs give to what is not finished, or not data. */
const TEMPORARY = /^[.~]|~$|\.(?:tmp|temp|part|partial|filepart|crdownload|swp|lock)$/i;

export interface FolderWatchOptions {
  readonly folder: string;
  /** `*` and `?` stand for parts of a name. */
  readonly names: string;
  /** 'number': by name, numbers as numbers; 'time': by the time of the last change. */
  readonly order: 'number' | 'time';
  /** 'settled': size and time have not changed for `settleMs`; 'renamed': its final name says so; 'marked': `marker` beside it says so. */
  readonly whole: 'settled' | 'renamed' | 'marked';
  readonly settleMs: number;
  /** Ending of the file that says that another is whole: 'a.xy.done'. */
  readonly marker: string;
}

/** A file as it lies in the folder. */
export interface SeenFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly isWhole: boolean;
}

/** Looks at a folder again and again. Asks the file system itself, so that drives without notifications do as well. */
export interface FolderWatch {
  /** The files in their order; or, in one sentence, why the folder cannot be looked at. */
  look(): Promise<readonly SeenFile[] | string>;
}

interface Stillness {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly sinceMs: number;
}

/** @param nowMs - a clock that only goes forward. */
export function createFolderWatch(
  options: FolderWatchOptions,
  nowMs: () => number = () => performance.now(),
): FolderWatch {
  const { folder, order, whole, settleMs, marker } = options;
  const wanted = nameMatcher(options.names);
  let still = new Map<string, Stillness>();
  return {
    async look() {
      let names: string[];
      try {
        names = await readdir(folder);
      } catch (cause) {
        return `${folder} is away: ${explainError(cause)}`;
      }
      const all = new Set(names);
      const now = new Map<string, Stillness>();
      const files: SeenFile[] = [];
      for (const name of names) {
        if (TEMPORARY.test(name) || !wanted.test(name) || (whole === 'marked' && name.endsWith(marker))) continue;
        const path = join(folder, name);
        // It may have gone since the folder was listed.
        const found = await stat(path).catch(() => null);
        if (found?.isFile() !== true) continue;
        const { size: bytes, mtimeMs: modifiedMs } = found;
        const before = still.get(name);
        const isSame = before?.bytes === bytes && before.modifiedMs === modifiedMs;
        const kept: Stillness = isSame ? before : { bytes, modifiedMs, sinceMs: nowMs() };
        now.set(name, kept);
        const isStill = nowMs() - kept.sinceMs >= settleMs;
        const isWhole = whole === 'renamed' || (whole === 'marked' ? all.has(`${name}${marker}`) : isSame && isStill);
        files.push({ name, path, bytes, modifiedMs, isWhole });
      }
      still = now;
      return files.sort(
        (a, b) => (order === 'time' ? a.modifiedMs - b.modifiedMs : 0) || compareNatural(a.name, b.name),
      );
    },
  };
}
