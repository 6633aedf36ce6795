import type { RecentItems } from './recentItems.ts';
import type { SpoolLog } from './spoolLog.ts';

/** Brings items from memory to the log, behind the caller's back. */
export interface DiskWriter {
  /** Number after the last item on disk. */
  written(): number;
  /** Items below `number` need not be written any more. */
  skipTo(number: number): void;
  /** Why the last attempt failed; null when it did not. */
  trouble(): Error | null;
  /** Begins to write what is not written. Resolves when nothing is left to write; not while the disk takes nothing. */
  write(): Promise<void>;
  isWriting(): boolean;
  /** Resolves when all up to now is on the disk itself; rejects when the disk takes nothing. */
  secure(): Promise<void>;
  /** A last attempt, then the end of it. Never rejects. */
  close(): Promise<void>;
}

const RECORD_ITEMS = 500;
const RECORD_CHARACTERS = 256 * 1024;
const RETRY_DISK_MS = 1000;

/**
 * @param fsyncMs - longest time until what was written is on the disk itself, milliseconds; 0 with every record.
 * @param attempted - called after every attempt, failed or not.
 */
export function createDiskWriter(
  log: SpoolLog,
  recent: RecentItems,
  fsyncMs: number,
  attempted: () => void,
): DiskWriter {
  let written = recent.end();
  let writing: Promise<void> | null = null;
  let trouble: Error | null = null;
  let wakeUp: (() => void) | null = null;
  let waiting: (() => void)[] = [];
  let isClosing = false;
  const note = (error: unknown): void => {
    trouble = error as Error;
  };
  const syncTimer = setInterval(() => void log.sync().catch(note), fsyncMs || 1000).unref();

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
    if (fsyncMs === 0) await log.sync();
  }

  function tellAttempt(): void {
    const hearing = waiting;
    waiting = [];
    attempted();
    for (const hear of hearing) hear();
  }

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const alarm = setTimeout(() => resolve(), RETRY_DISK_MS).unref();
      wakeUp = () => (clearTimeout(alarm), resolve());
    });

  async function writeOut(): Promise<void> {
    while (written < recent.end()) {
      try {
        await writeRecord();
        trouble = null;
      } catch (error) {
        note(error);
      }
      tellAttempt();
      if (trouble === null) continue;
      if (isClosing) return;
      await pause();
    }
  }

  function write(): Promise<void> {
    writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(writeOut).finally(() => {
      writing = null;
    });
    return writing;
  }

  return {
    written: () => written,
    skipTo(number) {
      written = Math.max(written, number);
    },
    trouble: () => trouble,
    write,
    isWriting: () => writing !== null,
    async secure() {
      const target = recent.end();
      while (written < target) {
        void write();
        wakeUp?.();
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (written < target && trouble !== null) throw trouble;
      }
      await log.sync();
    },
    async close() {
      isClosing = true;
      wakeUp?.();
      await write();
      clearInterval(syncTimer);
      await log.close().catch(note);
    },
  };
}
