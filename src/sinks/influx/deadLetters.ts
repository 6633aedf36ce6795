import { appendFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where goods go that their place will never take. */
export interface DeadLetters {
  /** Resolves with the number of lines that found no room, or whose file could not be written. */
  keep(lines: readonly string[], reason: string): Promise<number>;
}

/**
 * One JSON object per line: when, the answer of the server, and the line it refused. Full is full: later lines are only counted.
 *
 * @param path - null keeps none.
 * @param maxBytes - largest size of the file.
 */
export function createDeadLetters(path: string | null, maxBytes: number): DeadLetters {
  return {
    async keep(lines, reason) {
      if (path === null) return lines.length;
      const letters = lines.map((line) => `${JSON.stringify({ time: new Date().toISOString(), reason, line })}\n`);
      try {
        await mkdir(dirname(path), { recursive: true });
        let free = maxBytes - (await sizeOf(path));
        const fitting = letters.filter((letter) => (free -= Buffer.byteLength(letter)) >= 0);
        if (fitting.length > 0) await appendFile(path, fitting.join(''));
        return letters.length - fitting.length;
      } catch {
        return lines.length;
      }
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
