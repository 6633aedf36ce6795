import { readFileSync, statSync } from 'node:fs';

/** Small files that may be replaced while we run. */
export interface WatchedFiles<T> {
  /** As they are now: looked at anew at most once a second. The same object as long as nothing has changed. */
  current(): T;
}

const LOOK_MS = 1000;

/**
 * Reads files again when one has changed. The check costs one `stat` each and works on network drives, where nobody is told of
 * changes.
 *
 * @param read - makes sense of the texts; null for a file that is not there or cannot be read.
 */
export function watchFiles<T>(
  paths: readonly string[],
  read: (texts: readonly (string | null)[]) => T,
  now: () => number = () => performance.now(),
): WatchedFiles<T> {
  let stamp = stampOf(paths);
  let value = read(paths.map(textOf));
  let lookedMs = now();
  return {
    current() {
      if (now() - lookedMs < LOOK_MS) return value;
      lookedMs = now();
      const seen = stampOf(paths);
      if (seen === stamp) return value;
      stamp = seen;
      value = read(paths.map(textOf));
      return value;
    },
  };
}

function stampOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      try {
        const { ino, size, mtimeNs } = statSync(path, { bigint: true });
        return `${ino}:${size}:${mtimeNs}`;
      } catch {
        return 'absent';
      }
    })
    .join();
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
