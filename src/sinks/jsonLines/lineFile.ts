import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that lines are appended to, all of a batch or none. */
export interface LineFile {
  /** Rejects, with the file as it was, when the disk is full or the path cannot be written. */
  append(lines: readonly string[]): Promise<void>;
  /** Resolves when what was appended is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens on the first append, and again after a failure, so that a disk that comes back is used again.
 *
 * @param maxBytes - size at which the file is renamed to `path.1` and begun anew.
 * @param keep - renamed files kept: `path.1` is the newest. 0 deletes the full file.
 */
export function createLineFile(path: string, maxBytes: number, keep: number): LineFile {
  let handle: FileHandle | null = null;
  let size = 0;

  async function ensureOpen(): Promise<FileHandle> {
    if (handle !== null) return handle;
    await mkdir(dirname(path), { recursive: true });
    const opened = await open(path, 'a');
    size = (await opened.stat()).size;
    handle = opened;
    return opened;
  }

  async function close(): Promise<void> {
    const opened = handle;
    handle = null;
    await opened?.close();
  }

  async function rotate(): Promise<void> {
    await handle?.sync();
    await close();
    for (let i = keep; i > 1; i--) await rename(`${path}.${i - 1}`, `${path}.${i}`).catch(ignoreAbsent);
    await (keep > 0 ? rename(path, `${path}.1`) : rm(path));
  }

  return {
    async append(lines) {
      await ensureOpen();
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      if (size > 0 && size + bytes.length > maxBytes) await rotate();
      const file = await ensureOpen();
      try {
        await file.appendFile(bytes);
        size += bytes.length;
      } catch (error) {
        // Half a batch would leave half a line, and the whole batch is written again.
        await file.truncate(size).catch(() => undefined);
        await close().catch(() => undefined);
        throw error;
      }
    },
    async sync() {
      await handle?.sync();
    },
    close,
  };
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** The standard output as a line file: never rotated, closed by the process. */
export function standardOutput(): LineFile {
  return {
    append: (lines) =>
      new Promise((resolve, reject) => {
        const { stdout } = process;
        // Without a listener, a reader that went away would end the process.
        stdout.once('error', reject);
        stdout.write(lines.map((line) => `${line}\n`).join(''), (error) => {
          setImmediate(() => stdout.off('error', reject));
          if (error) reject(error);
          else resolve();
        });
      }),
    sync: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
