import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MonitorError } from '../../model/error.ts';

/** Locks of this process. */
const held = new Set<string>();

/**
 * Keeps two writers out of one directory.
 *
 * @returns gives it free.
 * @throws MonitorError 'SINK' when a living process, or another sink of this one, has it; else what the file system says.
 */
export function lockSpool(directory: string, id: string): () => void {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'lock');
  const owner = ownerOf(path);
  if (held.has(path) || (owner !== null && owner !== process.pid && isAlive(owner)))
    throw new MonitorError('SINK', `the spool ${directory} is in use by process ${owner ?? process.pid}`, {
      id,
      path: directory,
    });
  writeFileSync(path, String(process.pid));
  held.add(path);
  return () => {
    held.delete(path);
    try {
      rmSync(path, { force: true });
    } catch {
      // The folder is gone, or no folder any more: nothing is left to unlock.
    }
  };
}

function ownerOf(path: string): number | null {
  try {
    const owner = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isSafeInteger(owner) && owner > 0 ? owner : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
