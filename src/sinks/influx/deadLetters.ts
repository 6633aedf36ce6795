import { appendFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { IPoint } from 'influx';

/** Where points go that the database will never take. */
export interface DeadLetters {
  /** Resolves with the number of points that found no room, or whose file could not be written. */
  keep(points: readonly IPoint[], reason: string): Promise<number>;
}

/**
 * One JSON object per line: when, why, and the point. Full is full: later points are only counted.
 *
 * @param path - null keeps none.
 * @param maxBytes - largest size of the file.
 */
export function createDeadLetters(path: string | null, maxBytes: number): DeadLetters {
  return {
    async keep(points, reason) {
      if (path === null) return points.length;
      const lines = points.map((point) => `${JSON.stringify({ time: new Date().toISOString(), reason, point })}\n`);
      try {
        await mkdir(dirname(path), { recursive: true });
        let free = maxBytes - (await sizeOf(path));
        const fitting = lines.filter((line) => (free -= Buffer.byteLength(line)) >= 0);
        if (fitting.length > 0) await appendFile(path, fitting.join(''));
        return lines.length - fitting.length;
      } catch {
        return points.length;
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
