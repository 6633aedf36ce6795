import { explainError, MonitorError } from '../../model/error.ts';
import type { SinkSetting } from '../../model/sink.ts';
import type { Store } from '../delivery/store.ts';
import { countPending, countWithin, cutLive, without } from './ranges.ts';
import type { Range } from './ranges.ts';
import { createRecentItems } from './recentItems.ts';
import { listSpoolSegments, readCursor, writeCursor } from './spoolFiles.ts';
import { lockSpool } from './spoolLock.ts';
import { openSpoolLog } from './spoolLog.ts';
import { createSpoolReader } from './spoolReader.ts';

/** How a spool keeps what waits. */
export interface SpoolOptions {
  readonly directory: string;
  /** Largest size of all its segments together; the one being written may pass it by its own size. */
  readonly capBytes: number;
  /** What is given up when it is full: what waits longest, or what comes. */
  readonly shed: 'oldestFirst' | 'newestFirst';
  /** Longest time until what was taken in is on the disk itself, milliseconds; 0 with every record. */
  readonly fsyncMs: number;
  /** 'inOrder', or 'liveFirst': of a long backlog, every second delivery is of what is new. */
  readonly order: 'inOrder' | 'liveFirst';
  /** Items of one delivery, at most. */
  readonly batchSize: number;
}

const RECORD_ITEMS = 500;
const RECORD_CHARACTERS = 256 * 1024;
/** Items on disk that are also kept in memory, so that in good times nothing is read back. */
const RECENT_CHARACTERS = 8 * 2 ** 20;
/** Items that wait in memory while the disk takes none. */
const UNWRITTEN_CHARACTERS = 16 * 2 ** 20;
/** Batches that may wait before they count as backlog. */
const LIVE_BATCHES = 8;
const RETRY_DISK_MS = 1000;
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
  let pending: readonly Range[] = cursor?.pending ?? [{ from: segments[0]?.first ?? begin, to: Infinity }];
  const recent = createRecentItems(begin);
  let written = begin;
  let taken: Range | null = null;
  let isLiveNext = true;
  let lostCount = 0;
  let writing: Promise<void> | null = null;
  let diskTrouble: Error | null = null;
  let wakeUp: (() => void) | null = null;
  /** Called after every attempt to write. */
  let attempted: (() => void)[] = [];
  let isClosing = false;
  let saveTimer: NodeJS.Timeout | null = null;

  function lose(reason: string, from: number, to: number): void {
    const inFlight = taken === null ? 0 : countWithin([taken], from, to);
    const count = countWithin(pending, from, to) - inFlight;
    pending = without(pending, from, to);
    if (count <= 0) return;
    lostCount += count;
    setting.countDropped(reason, count);
  }

  const totalBytes = () => segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const waitingCount = () => countPending(pending, recent.end());

  function tell(): void {
    const oldest = segments.find(({ next }) => next > pending[0]!.from);
    const waiting = waitingCount();
    setting.reportSpool?.({
      waitingCount: waiting,
      bytes: totalBytes(),
      capBytes,
      oldestMs: waiting === 0 ? null : (oldest?.timeMs ?? Date.now()),
      trouble: diskTrouble === null ? '' : explainError(diskTrouble),
    });
  }

  function saveCursor(): void {
    saveTimer = null;
    try {
      writeCursor(directory, { next: recent.end(), pending });
    } catch (error) {
      diskTrouble ??= error as Error;
    }
    tell();
  }
  const saveSoon = () => {
    saveTimer ??= setTimeout(saveCursor, SAVE_CURSOR_MS).unref();
  };

  /** Deletes what is delivered, and what is too much. */
  function tidy(): void {
    for (let i = segments.length - 2; i >= 0; i--)
      if (countWithin(pending, segments[i]!.first, segments[i + 1]!.first) === 0) log.remove(segments[i]!);
    while (options.shed === 'oldestFirst' && segments.length > 1 && totalBytes() > capBytes) {
      lose('spoolFull', segments[0]!.first, segments[1]!.first);
      log.remove(segments[0]!);
    }
  }

  /** Memory holds what is not written, and of the rest only the latest that still waits. */
  function trim(): void {
    recent.dropBefore(Math.min(written, pending[0]!.from));
    if (recent.size() > RECENT_CHARACTERS) recent.dropBefore(written);
    if (recent.size() <= UNWRITTEN_CHARACTERS) return;
    const from = recent.start();
    const to = Math.min(recent.end(), from + Math.ceil((recent.end() - from) / 8));
    lose('diskFull', from, to);
    recent.dropBefore(to);
    written = Math.max(written, to);
  }

  async function writeRecord(): Promise<void> {
    const first = written;
    const items: string[] = [];
    let characters = 0;
    for (const item of recent.slice(first, Math.min(recent.end(), first + RECORD_ITEMS))) {
      if (items.length > 0 && characters + item.length > RECORD_CHARACTERS) break;
      items.push(item);
      characters += item.length;
    }
    await log.append({ first, timeMs: Date.now(), items });
    // What was given up meanwhile is behind already.
    written = Math.max(written, first + items.length);
    if (options.fsyncMs === 0) await log.sync();
  }

  function tellAttempt(): void {
    const hearing = attempted;
    attempted = [];
    for (const hear of hearing) hear();
  }

  async function writeOut(): Promise<void> {
    while (written < recent.end()) {
      try {
        await writeRecord();
        diskTrouble = null;
        tidy();
        tellAttempt();
      } catch (error) {
        diskTrouble = error as Error;
        tell();
        tellAttempt();
        if (isClosing) return;
        await new Promise<void>((resolve) => {
          const alarm = setTimeout(() => resolve(), RETRY_DISK_MS).unref();
          wakeUp = () => (clearTimeout(alarm), resolve());
        });
      }
      trim();
    }
  }
  function write(): Promise<void> {
    writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(writeOut).finally(() => {
      writing = null;
      saveSoon();
    });
    return writing;
  }

  function choose(count: number): Range {
    const end = recent.end();
    if (order === 'liveFirst' && end - pending.at(-1)!.from > LIVE_BATCHES * batchSize)
      pending = cutLive(pending, end - count);
    const live = pending.at(-1)!;
    const backlog = pending[0]!;
    const hasLive = live.from < end;
    const range = pending.length === 1 || (hasLive && isLiveNext) ? live : backlog;
    isLiveNext = !(hasLive && isLiveNext);
    return { from: range.from, to: Math.min(range.to, end) };
  }

  function take(count: number): readonly string[] {
    while (waitingCount() > 0) {
      const { from, to } = choose(count);
      if (from >= recent.start()) {
        taken = { from, to: Math.min(to, from + count) };
        return recent.slice(taken.from, taken.to);
      }
      const { items, next } = read(segments, from, Math.min(to, recent.start()), count);
      const missing = next - from - items.length;
      if (missing > 0) {
        lostCount += missing;
        setting.countDropped('damaged', missing);
      }
      taken = { from, to: next };
      if (items.length > 0) return items;
      settle();
    }
    return [];
  }

  function settle(): void {
    if (taken !== null) pending = without(pending, taken.from, taken.to);
    taken = null;
    tidy();
    trim();
    saveSoon();
  }

  const syncTimer = setInterval(
    () => void log.sync().catch((error: unknown) => (diskTrouble = error as Error)),
    options.fsyncMs || 1000,
  );
  syncTimer.unref();
  // Taken in but never on disk when the power went, or deleted by somebody.
  lose('missing', heldTo, begin);
  lose('missing', 0, segments[0]?.first ?? begin);
  tell();

  return {
    push(item) {
      if (options.shed === 'newestFirst' && totalBytes() >= capBytes) {
        lostCount++;
        setting.countDropped('spoolFull', 1);
        return;
      }
      recent.push(item);
      if (writing === null) void write();
      else if (diskTrouble !== null) trim();
    },
    waitingCount,
    take,
    settle,
    follow: () => waitingCount,
    async secure() {
      const target = recent.end();
      while (written < target && diskTrouble === null) {
        void write();
        await new Promise<void>((resolve) => attempted.push(resolve));
      }
      if (written < target)
        throw new MonitorError('SINK', `${target - written} items are in memory only (${explainError(diskTrouble)})`, {
          id: setting.id,
          path: directory,
        });
      await log.sync();
    },
    takeLostCount() {
      const lost = lostCount;
      lostCount = 0;
      return lost;
    },
    async close() {
      isClosing = true;
      wakeUp?.();
      await write();
      clearInterval(syncTimer);
      await log.close().catch(() => undefined);
      if (written < recent.end()) lose('closed', written, recent.end());
      if (saveTimer !== null) clearTimeout(saveTimer);
      if (waitingCount() === 0) while (segments.length > 0) log.remove(segments[0]!);
      saveCursor();
      unlock();
    },
  };
}
