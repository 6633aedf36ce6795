import { mkdirSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { spoolSegmentPath } from './spoolFiles.ts';
import type { SpoolSegment } from './spoolFiles.ts';
import { encodeRecord } from './spoolRecord.ts';
import type { SpoolRecord } from './spoolRecord.ts';

/** The end of a spool, where records are added. One call at a time. */
export interface SpoolLog {
  /** In order; the last one grows. */
  readonly segments: SpoolSegment[];
  /** Hands a record to the system. Rejects with what the file system says; the next attempt begins a new segment. */
  append(record: SpoolRecord): Promise<void>;
  /** Brings what was appended to the disk itself. */
  sync(): Promise<void>;
  /** Deletes a segment that is not the last. */
  remove(segment: SpoolSegment): void;
  close(): Promise<void>;
}

/** @param segmentBytes - size at which a segment is followed by the next. */
export function openSpoolLog(directory: string, segments: SpoolSegment[], segmentBytes: number): SpoolLog {
  let file: FileHandle | null = null;
  let isDirty = false;

  async function sync(): Promise<void> {
    if (file === null || !isDirty) return;
    isDirty = false;
    await file.datasync();
  }

  async function end(): Promise<void> {
    const ending = file;
    file = null;
    await ending?.close();
  }

  async function begin({ first, timeMs }: SpoolRecord): Promise<SpoolSegment> {
    await sync();
    await end();
    mkdirSync(directory, { recursive: true });
    const path = spoolSegmentPath(directory, first);
    file = await open(path, 'w');
    // The name itself has to survive a power cut.
    const folder = await open(directory, 'r');
    await folder.sync().finally(() => folder.close());
    const segment = { path, first, next: first, bytes: 0, timeMs };
    segments.push(segment);
    return segment;
  }

  /** Leaves no half record behind a full one: the rest of the segment would count as damaged. */
  async function giveUp(segment: SpoolSegment | undefined): Promise<void> {
    await file?.truncate(segment?.bytes ?? 0).catch(() => undefined);
    await end().catch(() => undefined);
    if (segment !== undefined && segment.bytes === 0) {
      segments.pop();
      rmSync(segment.path, { force: true });
    }
  }

  return {
    segments,
    async append(record) {
      let segment = segments.at(-1);
      try {
        if (file === null || segment === undefined || segment.bytes >= segmentBytes) segment = await begin(record);
        const bytes = encodeRecord(record);
        const { bytesWritten } = await file!.write(bytes, 0, bytes.length, segment.bytes);
        if (bytesWritten < bytes.length) throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written`);
        segment.bytes += bytes.length;
        segment.next = record.first + record.items.length;
        isDirty = true;
      } catch (cause) {
        await giveUp(file === null ? undefined : segment);
        throw cause;
      }
    },
    sync,
    remove(segment) {
      segments.splice(segments.indexOf(segment), 1);
      rmSync(segment.path, { force: true });
    },
    async close() {
      await sync();
      await end();
    },
  };
}
