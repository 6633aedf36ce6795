import { mkdirSync, unlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { MonitorError } from '../model/error.ts';
import type { Frame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';
import type { Alert } from '../model/alert.ts';
import type { Detection, Reading, SlowSample } from '../model/signal.ts';
import type { LinkHealth } from '../model/status.ts';
import { layoutIdOf } from '../wire/layoutId.ts';
import { frameForm, layoutForm, slowForm } from '../wire/wireForm.ts';
import { createBlockPool, openAppendFile } from './appendFile.ts';
import type { AppendFile } from './appendFile.ts';
import type { RecordingHeader } from './item.ts';
import { encodeRecord } from './record.ts';
import { createSegmentIndex, encodeSegmentIndex, indexFrame } from './segmentIndex.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import { indexPath, listSegments, segmentPath } from './segments.ts';

export interface RecordingWriterOptions {
  readonly directory: string;
  readonly header: Omit<RecordingHeader, 'type' | 'format'>;
  /** A segment is closed when it would grow beyond. @default 64 MiB */
  readonly segmentBytes?: number;
  /** Of all segments in the directory; null is no cap. @default null */
  readonly maxBytes?: number | null;
  /** What happens at the cap. @default 'stop' */
  readonly whenFull?: 'stop' | 'dropOldest';
  /** When data are forced to the disk: at each flush, or when a segment is closed. @default 'flush' */
  readonly sync?: 'flush' | 'close';
  /** Data wait at most so long in memory, milliseconds. @default 200 */
  readonly lingerMs?: number;
  /** What may wait for a slow disk; beyond it items are lost until half of it is written. @default 64 MiB */
  readonly maxWaitingBytes?: number;
  /** After a failure writing is tried again so much later, milliseconds. @default 5000 */
  readonly retryMs?: number;
  report?(health: Pick<LinkHealth, 'state' | 'detail'>): void;
  countDropped?(reason: string, count: number): void;
}

/** Writes a recording. Nothing throws for a disk that is full or gone: it is reported, and what is lost is counted. */
export interface RecordingWriter {
  writeFrame(frame: Frame): void;
  writeSlow(sample: SlowSample): void;
  writeSignal(signal: Reading | Detection | Alert, from: string): void;
  /** Resolves when all that was written is safe (as `sync` says); rejects when it is not. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const BLOCK_BYTES = 256 * 1024;
/** About what a signal takes. */
const SIGNAL_BYTES = 512;

interface Segment {
  readonly file: AppendFile;
  readonly index: SegmentIndex;
  readonly layouts: Set<string>;
}

/** A writer that goes on with the next free segment of the directory. @throws MonitorError 'RECORDING' when there can be no directory. */
export function createRecordingWriter(options: RecordingWriterOptions): RecordingWriter {
  const { directory, maxBytes = null, whenFull = 'stop', sync = 'flush', lingerMs = 200, retryMs = 5000 } = options;
  const segmentBytes = Math.min(
    options.segmentBytes ?? 64 * 2 ** 20,
    maxBytes === null ? Infinity : Math.ceil(maxBytes / 4),
  );
  const scratch = { bytes: new Uint8Array(64 * 1024) };
  const maxBlocks = Math.max(2, Math.ceil((options.maxWaitingBytes ?? 64 * 2 ** 20) / BLOCK_BYTES));
  const pool = createBlockPool(BLOCK_BYTES, maxBlocks);
  const header: RecordingHeader = { type: 'header', format: 1, ...options.header };
  const closing = new Set<Promise<void>>();
  let closed: { path: string; bytes: number }[];
  let nextNumber: number;
  try {
    mkdirSync(directory, { recursive: true });
    const found = listSegments(directory);
    closed = found.map(({ path, bytes }) => ({ path, bytes }));
    nextNumber = 1 + (found.at(-1)?.number ?? 0);
  } catch (cause) {
    throw new MonitorError('RECORDING', 'cannot be recorded here', { id: 'recording', path: directory }, { cause });
  }
  let closedBytes = closed.reduce((sum, { bytes }) => sum + bytes, 0);
  let segment: Segment | null = null;
  let failure: Error | null = null;
  let isFull = false;
  let isBehind = false;
  let lostSinceFlush = 0;

  let told = '';
  const tell = (state: 'ok' | 'down', detail: string): void => {
    if (told === state + detail) return;
    told = state + detail;
    options.report?.({ state, detail });
  };
  const lose = (reason: string): void => {
    // What the cap keeps out is left out on purpose.
    if (reason !== 'cap') lostSinceFlush++;
    options.countDropped?.(reason, 1);
  };
  const fail = (cause: Error): void => {
    if (failure === null) setTimeout(() => (failure = null), retryMs).unref();
    failure = cause;
    retire();
    tell('down', `the recording cannot be written: ${cause.message}`);
  };
  const retire = (): void => {
    if (segment === null) return;
    const { file, index } = segment;
    segment = null;
    closed.push({ path: file.path, bytes: file.size });
    closedBytes += file.size;
    const done = finish(file, index)
      .catch((cause: Error) => {
        // After a failure it has been reported already, and is not to postpone the next attempt.
        if (failure === null) fail(cause);
      })
      .finally(() => closing.delete(done));
    closing.add(done);
  };
  const begin = (): Segment | null => {
    try {
      const file = openAppendFile(segmentPath(directory, nextNumber++), pool, fail);
      segment = { file, index: createSegmentIndex(), layouts: new Set() };
      file.append(encodeRecord(header, scratch));
      tell('ok', '');
    } catch (cause) {
      fail(cause instanceof Error ? cause : new Error(String(cause)));
    }
    return segment;
  };
  /** Room under the cap for so many bytes more. */
  const hasRoom = (bytes: number): boolean => {
    if (maxBytes === null || isFull) return !isFull;
    while (
      whenFull === 'dropOldest' &&
      closed.length > 0 &&
      closedBytes + (segment?.file.size ?? 0) + bytes > maxBytes
    ) {
      const oldest = closed.shift()!;
      closedBytes -= oldest.bytes;
      try {
        unlinkSync(oldest.path);
        void rm(indexPath(oldest.path), { force: true }).catch(fail);
      } catch (cause) {
        fail(cause as Error);
      }
    }
    isFull = closedBytes + (segment?.file.size ?? 0) + bytes > maxBytes;
    if (isFull) tell('down', `the recording reached its cap of ${maxBytes} bytes and has stopped`);
    return !isFull;
  };
  /** The segment that takes a record of so many bytes, or null when it is lost. */
  const segmentFor = (bytes: number): Segment | null => {
    if (failure === null && hasRoom(bytes)) {
      if (segment !== null && segment.file.size + bytes > segmentBytes) retire();
      const open = segment ?? begin();
      if (open !== null) return open;
    }
    lose(isFull ? 'cap' : 'disk');
    return null;
  };
  const append = (target: Segment, record: Uint8Array): boolean => {
    const waitingBlocks = pool.blockCount - pool.free.length;
    isBehind &&= waitingBlocks > maxBlocks / 2;
    if (!isBehind && target.file.append(record)) {
      tell('ok', '');
      return true;
    }
    isBehind = true;
    lose('disk');
    if (failure === null) tell('down', 'the disk is too slow for the recording');
    return false;
  };
  const write = (item: unknown): void => {
    const target = segmentFor(SIGNAL_BYTES);
    if (target !== null) append(target, encodeRecord(item, scratch));
  };
  const keepLayout = (target: Segment, layout: Layout, stream: string): boolean => {
    const key = `${layoutIdOf(layout)}/${stream}`;
    if (target.layouts.has(key)) return true;
    const offset = target.file.size;
    if (!append(target, encodeRecord(layoutForm(layout, stream), scratch))) return false;
    target.layouts.add(key);
    target.index.layouts.push(offset);
    return true;
  };
  const timer = setInterval(() => void segment?.file.drain().catch(fail), lingerMs);
  timer.unref();

  return {
    writeFrame(frame) {
      const target = segmentFor(frameBytes(frame));
      if (target === null || !keepLayout(target, frame.layout, frame.stream)) return;
      const offset = target.file.size;
      if (append(target, encodeRecord(frameForm(frame, layoutIdOf(frame.layout)), scratch)))
        indexFrame(target.index, frame.stream, frame.seq, frame.timeUs, offset);
    },
    writeSlow: (sample) => write(slowForm(sample)),
    writeSignal: (signal, from) => write({ ...signal, from }),
    async flush() {
      const lost = lostSinceFlush;
      lostSinceFlush = 0;
      await Promise.all(closing);
      await (sync === 'flush' ? segment?.file.sync() : segment?.file.drain());
      if (failure !== null || lost > 0)
        throw new MonitorError(
          'RECORDING',
          `${lost} items are not in the recording`,
          { id: 'recording', path: directory },
          { cause: failure ?? undefined },
        );
    },
    async close() {
      clearInterval(timer);
      retire();
      await Promise.all(closing);
    },
  };
}

async function finish(file: AppendFile, index: SegmentIndex): Promise<void> {
  try {
    await file.sync();
    await writeFile(indexPath(file.path), encodeSegmentIndex(index));
  } finally {
    await file.close();
  }
}

/** About what a frame takes, without encoding it. */
const frameBytes = (frame: Frame): number =>
  256 + frame.values.byteLength + (frame.variances?.byteLength ?? 0) + (frame.mask?.byteLength ?? 0);
