import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { MonitorError } from '../model/error.ts';
import type { Frame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';
import type { Alert } from '../model/alert.ts';
import type { RunNote } from '../model/runNote.ts';
import type { Detection, Reading, SlowSample } from '../model/signal.ts';
import type { LinkHealth } from '../model/status.ts';
import { encodeCborItem } from '../wire/cborItem.ts';
import { CborWriter } from '../wire/cborWriter.ts';
import { layoutIdOf } from '../wire/layoutId.ts';
import { layoutForm } from '../wire/wireForm.ts';
import { frameMostBytes, slowMostBytes, writeFrame, writeSlow } from '../wire/writeFrame.ts';
import { createBlockPool, openAppendFile } from './appendFile.ts';
import type { AppendFile, Block } from './appendFile.ts';
import { finishSegment } from './finishSegment.ts';
import type { RecordingHeader } from './item.ts';
import { RECORD_HEADER_BYTES, sealRecord } from './record.ts';
import { createSegmentIndex, frameCountOf, indexCheckpoint, indexFrame, readSegmentIndex } from './segmentIndex.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import { indexPath, listSegments, segmentPath } from './segments.ts';
import { signalMostBytes, writeSignal } from './writeSignal.ts';

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
  /** What happened beside the signals; slow samples too. */
  writeNote(note: RunNote): void;
  /** Resolves when all that was written is safe (as `sync` says); rejects when it is not. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const BLOCK_BYTES = 256 * 1024;

interface Segment {
  readonly file: AppendFile;
  readonly index: SegmentIndex;
  /** Ids of the layouts that it holds, by stream. */
  readonly layouts: Map<string, Set<string>>;
}

/** A segment that may be given up; a null count stands in its index. */
interface ClosedSegment {
  readonly path: string;
  readonly bytes: number;
  readonly frameCount: number | null;
}

/** A writer that goes on with the next free segment of the directory. @throws MonitorError 'RECORDING' when there can be no directory. */
export function createRecordingWriter(options: RecordingWriterOptions): RecordingWriter {
  const { directory, maxBytes = null, whenFull = 'stop', sync = 'flush', lingerMs = 200, retryMs = 5000 } = options;
  const segmentBytes = Math.min(
    options.segmentBytes ?? 64 * 2 ** 20,
    maxBytes === null ? Infinity : Math.ceil(maxBytes / 4),
  );
  const writer = new CborWriter();
  const pool = createBlockPool(BLOCK_BYTES, Math.max(2 * BLOCK_BYTES, options.maxWaitingBytes ?? 64 * 2 ** 20));
  const header: RecordingHeader = { type: 'header', format: 1, ...options.header };
  const closing = new Set<Promise<void>>();
  let closed: ClosedSegment[];
  let nextNumber: number;
  try {
    mkdirSync(directory, { recursive: true });
    const found = listSegments(directory);
    closed = found.map(({ path, bytes }) => ({ path, bytes, frameCount: null }));
    nextNumber = 1 + (found.at(-1)?.number ?? 0);
  } catch (cause) {
    throw new MonitorError('RECORDING', 'cannot be recorded here', { id: 'recording', path: directory }, { cause });
  }
  let closedBytes = closed.reduce((sum, { bytes }) => sum + bytes, 0);
  let segment: Segment | null = null;
  let failure: Error | null = null;
  let isFull = false;
  let isBehind = false;
  let isClosed = false;
  let lostSinceFlush = 0;

  let told: string | null = null;
  const tell = (state: 'ok' | 'down', detail: string): void => {
    const news = state === 'ok' ? '' : detail;
    if (told === news) return;
    told = news;
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
    closed.push({ path: file.path, bytes: file.size, frameCount: frameCountOf(index) });
    closedBytes += file.size;
    const done = finishSegment(file, index)
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
      segment = { file, index: createSegmentIndex(), layouts: new Map() };
      appendWhole(file, encodeCborItem(header));
      tell('ok', '');
    } catch (cause) {
      fail(cause instanceof Error ? cause : new Error(String(cause)));
    }
    return segment;
  };
  let hasGivenUp = false;
  const giveUp = ({ path, frameCount }: ClosedSegment): void => {
    if (!hasGivenUp)
      options.report?.({
        state: 'ok',
        detail: `the recording reached its cap of ${maxBytes} bytes: from now on its oldest part makes room`,
      });
    hasGivenUp = true;
    options.countDropped?.('oldestFrames', frameCount ?? frameCountOf(readSegmentIndex(path)));
    // Behind the caller's back: a large file takes the disk a while.
    const done = Promise.all([rm(path), rm(indexPath(path), { force: true })])
      .then(() => undefined, fail)
      .finally(() => closing.delete(done));
    closing.add(done);
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
      giveUp(oldest);
    }
    isFull = closedBytes + (segment?.file.size ?? 0) + bytes > maxBytes;
    if (isFull) tell('down', `the recording reached its cap of ${maxBytes} bytes and has stopped`);
    return !isFull;
  };
  /** The segment that takes an item of at most so many bytes, or null when it is lost. */
  const segmentFor = (bytes: number): Segment | null => {
    if (isClosed) {
      lose('closed');
      return null;
    }
    if (failure === null && hasRoom(bytes)) {
      if (segment !== null && segment.file.size + bytes > segmentBytes) retire();
      const open = segment ?? begin();
      if (open !== null) return open;
    }
    lose(isFull ? 'cap' : 'disk');
    return null;
  };
  /** Where an item of at most so many bytes is to be written, the writer aimed at it; null when it is lost. */
  const reserve = (file: AppendFile, bytes: number): Block | null => {
    isBehind &&= pool.totalBytes - pool.freeBytes > pool.maxBytes / 2;
    const block = isBehind ? null : file.reserve(RECORD_HEADER_BYTES + bytes);
    if (block !== null) {
      tell('ok', '');
      writer.aim(block, block.used + RECORD_HEADER_BYTES);
      return block;
    }
    isBehind = true;
    lose('disk');
    if (failure === null) tell('down', 'the disk is too slow for the recording');
    return null;
  };
  /** Takes the item that the writer has written. */
  const commit = (file: AppendFile, block: Block): void => {
    sealRecord(block, block.used, writer.at);
    file.commit(writer.at - block.used);
  };
  const appendWhole = (file: AppendFile, item: Uint8Array): boolean => {
    const block = reserve(file, item.length);
    if (block === null) return false;
    block.bytes.set(item, writer.at);
    writer.at += item.length;
    commit(file, block);
    return true;
  };
  const keepLayout = ({ file, layouts, index }: Segment, layout: Layout, layoutId: string, stream: string): boolean => {
    let kept = layouts.get(stream);
    if (kept?.has(layoutId) === true) return true;
    const offset = file.size;
    if (!appendWhole(file, encodeCborItem(layoutForm(layout, stream)))) return false;
    if (kept === undefined) layouts.set(stream, (kept = new Set()));
    kept.add(layoutId);
    index.layouts.push(offset);
    return true;
  };
  const keepSlow = (sample: SlowSample): void => {
    const bytes = slowMostBytes(sample);
    const target = segmentFor(bytes);
    const block = target && reserve(target.file, bytes);
    if (target === null || block === null) return;
    writeSlow(writer, sample);
    commit(target.file, block);
  };
  const timer = setInterval(() => void segment?.file.drain().catch(fail), lingerMs);
  timer.unref();

  return {
    writeFrame(frame) {
      const bytes = frameMostBytes(frame);
      const target = segmentFor(bytes);
      const layoutId = layoutIdOf(frame.layout);
      if (target === null || !keepLayout(target, frame.layout, layoutId, frame.stream)) return;
      const { file, index } = target;
      const offset = file.size;
      const block = reserve(file, bytes);
      if (block === null) return;
      writeFrame(writer, frame, layoutId);
      commit(file, block);
      indexFrame(index, frame.stream, frame.seq, frame.timeUs, offset);
    },
    writeSlow: keepSlow,
    writeSignal(signal, from) {
      const bytes = signalMostBytes(signal, from);
      const target = segmentFor(bytes);
      const block = target && reserve(target.file, bytes);
      if (target === null || block === null) return;
      writeSignal(writer, signal, from);
      commit(target.file, block);
    },
    writeNote(note) {
      if (note.type === 'slow') return keepSlow(note);
      const item = encodeCborItem(note);
      const target = segmentFor(item.length);
      if (target === null) return;
      const offset = target.file.size;
      if (appendWhole(target.file, item) && note.type === 'checkpoint') indexCheckpoint(target.index, note, offset);
    },
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
      isClosed = true;
      clearInterval(timer);
      retire();
      await Promise.all(closing);
    },
  };
}
