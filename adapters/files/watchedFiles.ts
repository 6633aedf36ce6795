import { access } from 'node:fs/promises';
import type { FrameOutlet } from '../../src/model/adapter.ts';
import { faultOf } from './filePlayer.ts';
import type { FilePlayer } from './filePlayer.ts';
import type { SeenFile } from './folderWatch.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

export interface WatchedFilesOptions {
  readonly grows: boolean;
  readonly replaced: 'tell' | 'read';
  readonly existing: 'read' | 'skip';
  readonly clock: 'changed' | 'start';
}

/** The files of a watched folder, played one after the other as they become whole. */
export interface WatchedFiles {
  /** Plays what is ready. Returns, in one sentence, what is wrong with the folder; null when nothing is. */
  take(seen: readonly SeenFile[]): Promise<string | null>;
}

export function createWatchedFiles(
  options: WatchedFilesOptions,
  ledger: Ledger,
  player: FilePlayer,
  outlet: FrameOutlet,
  signal: AbortSignal,
): WatchedFiles {
  const { files } = ledger;
  let nextSeq = ledger.nextSeq;
  let isFirstLook = files.size === 0 && nextSeq === 0;
  let current: string | null = null;
  let waiting = new Set<string>();
  const note = (detail: string): void => outlet.report({ state: 'ok', detail });
  const finish = (file: SeenFile, entry: LedgerEntry): void => {
    Object.assign(entry, { isDone: true, bytes: file.bytes, modifiedMs: file.modifiedMs });
    ledger.end(file.name, entry.count, file.bytes, file.modifiedMs);
    current = null;
  };
  const begin = (file: SeenFile): LedgerEntry => {
    const entry = files.get(file.name) ?? { count: 0, isDone: false, bytes: 0, modifiedMs: 0 };
    files.set(file.name, entry);
    if (current !== file.name) ledger.begin(file.name, entry.count, nextSeq);
    current = file.name;
    return entry;
  };
  /** False when those after it have to wait. */
  const play = async (file: SeenFile): Promise<boolean> => {
    const entry = begin(file);
    if (file.bytes < entry.bytes)
      note(`${file.name} has become shorter: only what is beyond its ${entry.count} spectra is read`);
    const holdsLast = !file.isWhole;
    const changedUs = options.clock === 'changed' ? Math.round(file.modifiedMs * 1000) : undefined;
    const part = { path: file.path, firstSeq: nextSeq - entry.count, from: entry.count, holdsLast, changedUs };
    const played = await player.play(part).catch(faultOf);
    if (typeof played === 'string') {
      // An unfinished file need not be readable yet; one that has gone is told of by the next look.
      if (holdsLast || !(await isThere(file.path))) return false;
      outlet.reject({ reason: 'garbage', detail: played });
      nextSeq++;
      finish(file, entry);
      return true;
    }
    nextSeq += Math.max(0, played.count - entry.count);
    entry.count = Math.max(entry.count, played.count);
    entry.bytes = file.bytes;
    if (file.isWhole && !played.isAborted) finish(file, entry);
    return file.isWhole;
  };
  /** Whether a file that was read is to be read again. */
  const isAnew = (file: SeenFile, entry: LedgerEntry): boolean => {
    if (!file.isWhole && !options.grows) return false;
    if (file.bytes === entry.bytes && file.modifiedMs === entry.modifiedMs) return false;
    if (options.grows && file.bytes > entry.bytes) return true;
    entry.bytes = file.bytes;
    entry.modifiedMs = file.modifiedMs;
    if (options.replaced === 'read') entry.count = 0;
    else note(`${file.name} has changed since it was read: it is not read again`);
    return options.replaced === 'read';
  };
  const skipExisting = (seen: readonly SeenFile[]): void => {
    for (const file of seen) finish(file, begin(file));
    if (seen.length > 0) note(`${seen.length} files were there before and are left out`);
  };
  return {
    async take(seen) {
      const names = new Set(seen.map(({ name }) => name));
      // A mount point without its drive is an empty folder.
      if (seen.length === 0 && waiting.size + files.size > 0 && !isFirstLook)
        return 'the folder is empty that was not: a drive that is away?';
      for (const name of waiting) if (!names.has(name)) note(`${name} has gone before it was read`);
      if (isFirstLook && options.existing === 'skip') skipExisting(seen);
      isFirstLook = false;
      waiting = new Set();
      let mayPlay = true;
      for (const file of seen) {
        const entry = files.get(file.name);
        if (entry?.isDone === true) {
          if (!isAnew(file, entry)) continue;
          entry.isDone = false;
        }
        mayPlay &&= !signal.aborted && (file.isWhole || options.grows) && (await play(file));
        if (files.get(file.name)?.isDone !== true) waiting.add(file.name);
      }
      return null;
    },
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
