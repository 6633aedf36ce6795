import { explainError, MonitorError } from '../../model/error.ts';
import type { SinkSetting } from '../../model/sink.ts';
import type { Store } from '../delivery/store.ts';
import { createAccount } from './account.ts';
import type { AccountOptions } from './account.ts';
import { createDiskWriter } from './diskWriter.ts';
import { countWithin } from './ranges.ts';
import { createRecentItems } from './recentItems.ts';
import { listSpoolSegments, readCursor, writeCursor } from './spoolFiles.ts';
import { lockSpool } from './spoolLock.ts';
import { openSpoolLog } from './spoolLog.ts';
import { createSpoolReader } from './spoolReader.ts';

/** How a spool keeps what waits. */
export interface SpoolOptions extends Pick<AccountOptions, 'order' | 'batchSize'> {
  readonly directory: string;
  /** Largest size of all its segments together; the one being written may pass it by its own size. */
  readonly capBytes: number;
  /** What is given up when it is full: what waits longest, or what comes. */
  readonly shed: 'oldestFirst' | 'newestFirst';
  /** Longest time until what was taken in is on the disk itself, milliseconds; 0 with every record. */
  readonly fsyncMs: number;
}

/** Items on disk that are also kept in memory, so that in good times nothing is read back. */
const RECENT_CHARACTERS = 8 * 2 ** 20;
/** Items that wait in memory while the disk takes none. */
const UNWRITTEN_CHARACTERS = 16 * 2 ** 20;
const SAVE_CURSOR_MS = 200;

/**
 * Items on disk until they are delivered: a write-ahead log in segments, each record with its CRC-32, and a cursor.
 *
 * Items are numbered for ever. What was delivered since the cursor was saved is delivered again after a crash.
 * While the disk takes nothing, items wait in memory, and the oldest are lost ('diskFull') when there are too many.
 *
 * @throws MonitorError 'SINK' when another process has the directory; else what the file system says.
 */
export function openSpoolStore(options: SpoolOptions, setting: SinkSetting): Store<string> {
  const { directory, capBytes, order, batchSize } = options;
  const unlock = lockSpool(directory, setting.id);
  const segmentBytes = Math.min(8 * 2 ** 20, Math.max(16 * 1024, Math.floor(capBytes / 8)));
  const log = openSpoolLog(directory, listSpoolSegments(directory), segmentBytes);
  const { segments } = log;
  const read = createSpoolReader(() => undefined);
  const cursor = readCursor(directory);
  const heldTo = segments.at(-1)?.next ?? 0;
  const begin = Math.max(cursor?.next ?? 0, heldTo);
  const oldestHeld = segments[0]?.first ?? begin;
  const recent = createRecentItems(begin);
  const account = createAccount({
    pending: cursor?.pending ?? [{ from: oldestHeld, to: Infinity }],
    order,
    batchSize,
    end: recent.end,
    countDropped: setting.countDropped,
  });
  let saveTimer: NodeJS.Timeout | null = null;
  let cursorTrouble: Error | null = null;
  const disk = createDiskWriter(log, recent, options.fsyncMs, () => {
    tidy();
    trim();
    if (disk.trouble() !== null) tell();
    saveSoon();
  });

  const totalBytes = () => segments.reduce((sum, { bytes }) => sum + bytes, 0);

  function tell(): void {
    const waitingCount = account.waitingCount();
    const oldest = segments.find(({ next }) => next > account.oldest());
    const trouble = disk.trouble() ?? cursorTrouble;
    setting.reportSpool?.({
      waitingCount,
      bytes: totalBytes(),
      capBytes,
      oldestMs: waitingCount === 0 ? null : (oldest?.timeMs ?? Date.now()),
      trouble: trouble === null ? '' : explainError(trouble),
    });
  }

  function saveCursor(): void {
    if (saveTimer !== null) clearTimeout(saveTimer);
    saveTimer = null;
    try {
      writeCursor(directory, { next: recent.end(), pending: account.pending() });
      cursorTrouble = null;
    } catch (error) {
      cursorTrouble = error as Error;
    }
    tell();
  }
  function saveSoon(): void {
    saveTimer ??= setTimeout(saveCursor, SAVE_CURSOR_MS).unref();
  }

  /** Deletes what is delivered, and gives up what is too much. */
  function tidy(): void {
    const complete = segments.slice(0, -1);
    const nextOf = (i: number) => segments[i + 1]!.first;
    const gone = new Set(complete.filter(({ first }, i) => countWithin(account.pending(), first, nextOf(i)) === 0));
    let bytes = totalBytes();
    for (const segment of gone) bytes -= segment.bytes;
    for (const [i, segment] of complete.entries()) {
      if (options.shed !== 'oldestFirst' || bytes <= capBytes) break;
      if (gone.has(segment)) continue;
      account.lose('spoolFull', segment.first, nextOf(i));
      gone.add(segment);
      bytes -= segment.bytes;
    }
    if (gone.size === 0) return;
    // First the cursor: after a crash, what is neither there nor known to be delivered counts as missing.
    saveCursor();
    for (const segment of gone) log.remove(segment);
  }

  /** Memory holds what is not written, and of the rest only the latest that still waits. */
  function trim(): void {
    recent.dropBefore(Math.min(disk.written(), account.oldest()));
    if (recent.size() > RECENT_CHARACTERS) recent.dropBefore(disk.written());
    if (recent.size() <= UNWRITTEN_CHARACTERS) return;
    const from = recent.start();
    const to = Math.min(recent.end(), from + Math.ceil((recent.end() - from) / 8));
    account.lose('diskFull', from, to);
    recent.dropBefore(to);
    disk.skipTo(to);
  }

  function settle(): void {
    account.settle();
    tidy();
    trim();
    saveSoon();
  }

  // Taken in but never on disk when the power went, or deleted by somebody.
  account.lose('missing', heldTo, begin);
  account.lose('missing', 0, oldestHeld);
  tell();

  return {
    push(item) {
      if (options.shed === 'newestFirst' && totalBytes() >= capBytes) {
        account.addLost('spoolFull', 1);
        return;
      }
      recent.push(item);
      if (!disk.isWriting()) void disk.write();
      else if (disk.trouble() !== null) trim();
    },
    waitingCount: account.waitingCount,
    take(count) {
      while (account.waitingCount() > 0) {
        const { from, to } = account.choose(count);
        if (from >= recent.start()) {
          const range = { from, to: Math.min(to, from + count) };
          account.take(range, 0);
          return recent.slice(range.from, range.to);
        }
        const { items, next } = read(segments, from, Math.min(to, recent.start()), count);
        account.take({ from, to: next }, next - from - items.length);
        if (items.length > 0) return items;
        settle();
      }
      return [];
    },
    settle,
    follow: () => account.waitingCount,
    secure: () =>
      disk.secure().catch((cause: unknown) => {
        const count = recent.end() - disk.written();
        const message = `${count} items are in memory only (${explainError(cause)})`;
        throw new MonitorError('SINK', message, { id: setting.id, path: directory }, { cause });
      }),
    takeLostCount: account.takeLostCount,
    async close() {
      await disk.close();
      account.lose('closed', disk.written(), recent.end());
      saveCursor();
      if (account.waitingCount() === 0) while (segments.length > 0) log.remove(segments[0]!);
      tell();
      unlock();
    },
  };
}
