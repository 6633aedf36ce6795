import { scanSegment } from '../../recording/segmentScan.ts';
import type { SpoolSegment } from './spoolFiles.ts';
import { decodeItems, readRecordHeader } from './spoolRecord.ts';

/** Items read back from a spool. */
export interface SpoolRead {
  readonly items: readonly string[];
  /** Number after the last that was read or found missing. */
  readonly next: number;
}

/** Reads the items [from, to), `most` at most; fewer items than numbers: some are damaged. */
export type SpoolReader = (segments: readonly SpoolSegment[], from: number, to: number, most: number) => SpoolRead;

/** A reader that remembers where it stopped, so that going on costs no second look at what was read. */
export function createSpoolReader(onFault: (detail: string) => void): SpoolReader {
  let place = { path: '', offset: 0, number: 0 };

  return (segments, from, to, most) => {
    const items: string[] = [];
    let next = from;
    for (const [i, segment] of segments.entries()) {
      if (segment.next <= from) continue;
      if (segment.first >= to) break;
      const offset = place.path === segment.path && place.number <= next ? place.offset : 0;
      for (const record of scanSegment(segment.path, offset, ({ detail }) => onFault(detail))) {
        const header = readRecordHeader(record.body);
        if (header === null || header.first + header.count <= next) continue;
        if (header.first >= to) return { items, next };
        place = { path: segment.path, offset: record.offset, number: header.first };
        next = Math.max(next, header.first);
        const end = Math.min(to, header.first + header.count, next + most - items.length);
        for (const item of decodeItems(record.body, next, end)) items.push(item);
        next = end;
        if (items.length >= most) return { items, next };
      }
      // What the rest of the segment should have held is damaged.
      next = Math.max(next, Math.min(to, segments[i + 1]?.first ?? segment.next));
      if (next >= to) break;
    }
    return { items, next: items.length === 0 ? Math.max(next, to) : next };
  };
}
