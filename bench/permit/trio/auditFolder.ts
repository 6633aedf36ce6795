import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the audit log of the trials lies: on a small file system of its own where this user may mount one. */
export interface AuditFolder {
  readonly file: string;
  /** Whether it can be filled up. */
  readonly canFill: boolean;
  fill(): void;
  empty(): void;
  byteCount(): number;
  /** Grants that can be looked up. */
  grantCount(): number;
  /** Loses the log. */
  forget(): void;
  end(): Promise<void>;
}

const BYTES = 4 * 1024 * 1024;

/** @param isSmall - whether it is to be one that can be filled up. */
export function auditFolder(parent: string, isSmall: boolean): Promise<AuditFolder> {
  const folder = join(parent, 'audit');
  const filler = join(folder, 'filler');
  const file = join(folder, 'permit.jsonl');
  mkdirSync(folder);
  const canFill = isSmall && spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', folder]).status === 0;
  const unmount = (): void => {
    if (canFill) spawnSync('umount', ['-l', folder]);
  };
  process.once('exit', unmount);
  return Promise.resolve({
    file,
    canFill,
    fill() {
      for (const size of [1 << 20, 4096, 1])
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
    },
    byteCount: () => (existsSync(file) ? statSync(file).size : 0),
    grantCount: () => readFileSync(file, 'utf8').split('"event":"granted"').length - 1,
    empty: () => rmSync(filler, { force: true }),
    forget: () => rmSync(file, { force: true }),
    end() {
      unmount();
      process.off('exit', unmount);
      return Promise.resolve();
    },
  });
}
