import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One file of a recording. */
export interface SegmentFile {
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
}

/** 000001.seg, 000002.seg, ... in a directory, in order. @throws what the file system says when there is no directory. */
export function listSegments(directory: string): SegmentFile[] {
  return readdirSync(directory)
    .filter((name) => /^\d{6,}\.seg$/.test(name))
    .map((name) => {
      const path = join(directory, name);
      return { number: Number.parseInt(name, 10), path, bytes: statSync(path).size };
    })
    .sort((a, b) => a.number - b.number);
}

export const segmentPath = (directory: string, number: number): string =>
  join(directory, `${String(number).padStart(6, '0')}.seg`);

/** The index beside a segment; may be absent. */
export const indexPath = (segment: string): string => segment.replace(/\.seg$/, '.idx');
