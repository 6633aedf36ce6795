import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneFrame, makeFrame } from '../../src/model/frame.ts';
import type { Frame } from '../../src/model/frame.ts';
import { spectrumLayout } from '../../src/model/layout.ts';
import type { Layout } from '../../src/model/layout.ts';
import type { RecordedItem, RecordingFault } from '../../src/recording/item.ts';
import { openRecording } from '../../src/recording/reader.ts';
import type { RecordingStart } from '../../src/recording/reader.ts';
import { createRecordingWriter } from '../../src/recording/writer.ts';
import type { RecordingWriterOptions } from '../../src/recording/writer.ts';
import { countBuffers } from '../laws/allocations.ts';
import { alertAt, detectionAt, readingAt } from '../sinks/signals.ts';

const CHILD = join(import.meta.dirname, 'writingChild.ts');
const header = {
  run: 'test',
  instrument: 'lab',
  modality: 'xrd',
  config: 'version: 1\n',
  versions: { operando: '0.1.0' },
};
const layoutOf = (size: number): Layout =>
  spectrumLayout(
    { name: 'energy', unit: 'eV', coordinates: Float64Array.from({ length: size }, (_, i) => i + 0.5) },
    { quantity: 'counts', unit: '1', noise: 'poisson' },
  );
const layout = layoutOf(64);
const frameAt = (seq: number, stream = 'xrd', on = layout): Frame =>
  makeFrame({
    stream,
    seq,
    timeUs: 1_000_000 + seq * 1000,
    exposureUs: 900,
    layout: on,
    values: new Float64Array(on.size).fill(seq),
    context: { temperature: 300 + seq },
    contextAgeUs: { temperature: 10 },
  });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'recording-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const writerOf = (options: Partial<RecordingWriterOptions> = {}) =>
  createRecordingWriter({ directory, header, ...options });

function readAll(start?: RecordingStart): { items: RecordedItem[]; faults: RecordingFault[] } {
  const faults: RecordingFault[] = [];
  const items: RecordedItem[] = [];
  for (const item of openRecording(directory).items(start, (fault) => faults.push(fault)))
    items.push(item.type === 'frame' ? cloneFrame(item) : item);
  return { items, faults };
}
const seqsOf = (items: readonly RecordedItem[]): number[] =>
  items.flatMap((item) => (item.type === 'frame' ? [item.seq] : []));
const segmentNames = (): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.seg'))
    .sort();

async function record(count: number, options: Partial<RecordingWriterOptions> = {}): Promise<void> {
  const writer = writerOf(options);
  for (let seq = 0; seq < count; seq++) writer.writeFrame(frameAt(seq));
  await writer.flush();
  await writer.close();
}

describe('a recording', () => {
  it('keeps one layout object over all its segments, so that no stage starts anew between two', async () => {
    await record(300, { segmentBytes: 20_000 });
    expect(segmentNames().length).toBeGreaterThan(2);
    const layouts = new Set(readAll().items.flatMap((item) => (item.type === 'frame' ? [item.layout] : [])));
    expect(layouts.size).toBe(1);
  });

  it('gives back what was written, in order, field for field', async () => {
    const writer = writerOf();
    const first = cloneFrame(frameAt(3));
    first.variances = new Float64Array(64).fill(-0);
    first.mask = new Uint8Array(64).fill(1);
    first.values[5] = NaN;
    first.flags = 12;
    first.axisShift = -0.25;
    first.unseenExposureUs = 77;
    const reading = {
      type: 'reading',
      stream: 'xrd',
      seq: 3,
      timeUs: 1,
      stage: 'dose',
      name: 'dose',
      value: 1.5,
      unit: 'Gy',
      quality: 'valid',
    } as const;
    writer.writeFrame(first);
    writer.writeSlow({ type: 'slow', name: 'potential', timeUs: 5, value: 3.9, unit: 'V' });
    writer.writeSignal(reading, 'dose');
    writer.writeFrame(frameAt(4, 'xrd', layoutOf(32)));
    await writer.flush();
    await writer.close();
    const { items, faults } = readAll();
    expect(items).toEqual([
      { type: 'header', format: 1, ...header },
      first,
      { type: 'slow', name: 'potential', timeUs: 5, value: 3.9, unit: 'V' },
      { ...reading, from: 'dose' },
      frameAt(4, 'xrd', layoutOf(32)),
    ]);
    expect(faults).toEqual([]);
  });

  it('is cut into segments that each stand alone', async () => {
    await record(300, { segmentBytes: 20_000 });
    expect(segmentNames().length).toBeGreaterThan(5);
    rmSync(join(directory, segmentNames()[0]!));
    const seqs = seqsOf(readAll().items);
    expect(seqs[0]).toBeGreaterThan(0);
    expect(seqs.at(-1)).toBe(299);
  });

  it('begins at any frame by number or by time, with the index and without it', async () => {
    await record(500, { segmentBytes: 60_000 });
    for (const withIndex of [true, false]) {
      if (!withIndex)
        for (const name of readdirSync(directory)) if (name.endsWith('.idx')) rmSync(join(directory, name));
      for (const seq of [0, 31, 32, 33, 250, 499]) {
        expect(seqsOf(readAll({ stream: 'xrd', seq }).items)).toHaveLength(500 - seq);
        expect(seqsOf(readAll({ timeUs: 1_000_000 + seq * 1000 - 1 }).items)[0]).toBe(seq);
      }
      expect(readAll({ stream: 'xrd', seq: 500 }).items).toEqual([]);
      expect(openRecording(directory).extent()).toEqual({
        xrd: { frameCount: 500, firstSeq: 0, lastSeq: 499, firstTimeUs: 1_000_000, lastTimeUs: 1_499_000 },
      });
    }
  });

  it('a torn tail is cut, and what is lost is told', async () => {
    await record(10);
    const path = join(directory, segmentNames()[0]!);
    const size = statSync(path).size;
    truncateSync(path, size - 5);
    const { items, faults } = readAll();
    expect(seqsOf(items)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ kind: 'tornTail', file: path });
    expect(faults[0]!.offset + faults[0]!.lostBytes).toBe(size - 5);
  });

  it('zeros after the end, as a power cut leaves them, are a torn tail', async () => {
    await record(3);
    appendFileSync(join(directory, segmentNames()[0]!), new Uint8Array(100));
    const { items, faults } = readAll();
    expect(seqsOf(items)).toEqual([0, 1, 2]);
    expect(faults).toMatchObject([{ kind: 'tornTail', lostBytes: 100 }]);
  });

  it('one damaged record is stepped over and named', async () => {
    await record(10);
    const path = join(directory, segmentNames()[0]!);
    const bytes = readFileSync(path);
    const at = bytes.length - 2000;
    bytes[at] = bytes[at]! ^ 0xff;
    writeFileSync(path, bytes);
    const { items, faults } = readAll();
    expect(seqsOf(items)).toHaveLength(9);
    expect(seqsOf(items).at(-1)).toBe(9);
    expect(faults).toMatchObject([{ kind: 'damaged', file: path }]);
    expect(faults[0]!.detail).toContain('damaged at');
  });

  it('after two damaged records the rest of the segment is left out, and the next one read', async () => {
    await record(100, { segmentBytes: 20_000 });
    const path = join(directory, segmentNames()[0]!);
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 6000, 9000);
    writeFileSync(path, bytes);
    const { items, faults } = readAll();
    expect(seqsOf(items).at(-1)).toBe(99);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every(({ file }) => file === path)).toBe(true);
  });

  it('goes on in the same directory after a restart', async () => {
    await record(3);
    const writer = writerOf();
    writer.writeFrame(frameAt(3));
    await writer.close();
    expect(seqsOf(readAll().items)).toEqual([0, 1, 2, 3]);
  });

  it('a directory without a recording is named', () => {
    expect(() => openRecording(join(directory, 'nothing'))).toThrow(/no recording in .*nothing/);
    expect(() => openRecording(directory)).toThrow(/no segment begins with a header/);
  });
});

describe('the cap of a recording', () => {
  it("'dropOldest' keeps the newest frames within it, says so once and counts the others", async () => {
    const reports: string[] = [];
    const dropped: Record<string, number> = {};
    await record(1000, {
      maxBytes: 100_000,
      whenFull: 'dropOldest',
      report: ({ detail }) => detail !== '' && reports.push(detail),
      countDropped: (reason, count) => (dropped[reason] = (dropped[reason] ?? 0) + count),
    });
    expect(reports).toEqual(['the recording reached its cap of 100000 bytes: from now on its oldest part makes room']);
    const bytes = segmentNames().reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(100_000);
    const seqs = seqsOf(readAll().items);
    expect(seqs.at(-1)).toBe(999);
    expect(seqs).toHaveLength(1000 - seqs[0]!);
    expect(dropped).toEqual({ oldestFrames: seqs[0] });
  });

  it("'stop' keeps the oldest, says so once and counts the rest", async () => {
    const reports: string[] = [];
    let lostCount = 0;
    await record(1000, {
      maxBytes: 100_000,
      report: ({ state, detail }) => state === 'down' && reports.push(detail),
      countDropped: (_, count) => (lostCount += count),
    });
    expect(reports).toEqual(['the recording reached its cap of 100000 bytes and has stopped']);
    expect(seqsOf(readAll().items)).toEqual(Array.from({ length: 1000 - lostCount }, (_, i) => i));
    expect(lostCount).toBeGreaterThan(0);
  });
});

describe('a writer', () => {
  it('goes on when the disk is gone, reports it, and flush rejects', async () => {
    const states: string[] = [];
    const writer = writerOf({ segmentBytes: 20_000, retryMs: 20, report: ({ state }) => states.push(state) });
    writer.writeFrame(frameAt(0));
    await writer.flush();
    rmSync(directory, { recursive: true });
    for (let seq = 1; seq < 100; seq++) writer.writeFrame(frameAt(seq));
    await expect(writer.flush()).rejects.toThrow(/not in the recording/);
    await writer.close();
    expect(states).toContain('down');
  });

  it('counts what a disk that is too slow cannot take, says so once, and goes on when it has caught up', async () => {
    const reports: string[] = [];
    let lostCount = 0;
    const writer = writerOf({
      maxWaitingBytes: 2 ** 20,
      report: ({ state }) => reports.push(state),
      countDropped: (_, count) => (lostCount += count),
    });
    const wide = layoutOf(1024);
    // In one turn of the event loop no disk is fast enough.
    for (let seq = 0; seq < 200; seq++) writer.writeFrame(frameAt(seq, 'xrd', wide));
    expect(lostCount).toBeGreaterThan(50);
    await expect(writer.flush()).rejects.toThrow(`${lostCount} items are not in the recording`);
    writer.writeFrame(frameAt(200, 'xrd', wide));
    await writer.flush();
    await writer.close();
    expect(reports).toEqual(['ok', 'down', 'ok']);
    const seqs = seqsOf(readAll().items);
    expect(seqs).toHaveLength(201 - lostCount);
    expect(seqs.at(-1)).toBe(200);
  });

  it('makes no array buffer per frame and signal in the steady state', async () => {
    const writer = writerOf();
    const wide = layoutOf(1024);
    const writeAll = () => {
      for (let seq = 0; seq < 400; seq++) {
        writer.writeFrame(frames[seq]!);
        for (const reading of readings) writer.writeSignal(reading, 'onset');
        writer.writeSignal(detectionAt(seq), 'onset');
        writer.writeSignal(alertAt(seq, { message: `a line at ${seq} deg` }), 'call');
        writer.writeSlow({ type: 'slow', name: 'potential', timeUs: seq, value: seq / 7, unit: 'V' });
      }
    };
    const frames = Array.from({ length: 400 }, (_, seq) => frameAt(seq, 'xrd', wide));
    const readings = ['statistic', 'threshold', 'gain'].map((name) => readingAt(7, { name, standardError: 0.25 }));
    for (let round = 0; round < 3; round++) {
      writeAll();
      await writer.flush();
    }
    expect(countBuffers(writeAll)).toBe(0);
    await writer.flush();
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 3; round++) {
      writeAll();
      await writer.flush();
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000);
    await writer.close();
  });

  it('takes frames that are larger than its blocks, and signals between them', async () => {
    const writer = writerOf({ maxWaitingBytes: 2 ** 20, segmentBytes: 4 * 2 ** 20 });
    const large = layoutOf(40_000);
    for (let seq = 0; seq < 16; seq++) {
      writer.writeFrame(frameAt(seq, 'image', large));
      writer.writeSignal(readingAt(seq), 'onset');
      await writer.flush();
    }
    await writer.close();
    const { items, faults } = readAll();
    expect(faults).toEqual([]);
    const found = items.filter(({ type }) => type !== 'header');
    expect(found).toHaveLength(32);
    for (const [place, item] of found.entries()) {
      const seq = place >> 1;
      if (item.type === 'frame') expect(item.values.every((value) => value === item.seq)).toBe(true);
      else expect(item).toEqual({ ...readingAt(seq), from: 'onset' });
      expect(item).toMatchObject({ type: place % 2 === 0 ? 'frame' : 'reading', seq });
    }
  });

  it('writes a layout once per segment, however often it is made anew', async () => {
    const writer = writerOf();
    for (let seq = 0; seq < 50; seq++) writer.writeFrame(frameAt(seq, 'xrd', layoutOf(64)));
    await writer.close();
    expect(statSync(join(directory, segmentNames()[0]!)).size).toBeLessThan(50 * (64 * 8 + 250));
  });

  it('takes nothing after its end: no new segment, and what comes is counted', async () => {
    const dropped: string[] = [];
    const writer = writerOf({ countDropped: (reason) => dropped.push(reason) });
    writer.writeFrame(frameAt(0));
    await writer.close();
    writer.writeFrame(frameAt(1));
    writer.writeSignal(readingAt(1), 'onset');
    await writer.close();
    expect(dropped).toEqual(['closed', 'closed']);
    expect(segmentNames()).toEqual(['000001.seg']);
    await expect(writer.flush()).rejects.toThrow('2 items are not in the recording');
  });

  it('loses nothing it called safe when it is killed', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let safe = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as { safe?: number };
      safe = message.safe ?? safe;
      if (safe >= 1499) child.kill('SIGKILL');
    }
    const { items, faults } = readAll();
    const seqs = seqsOf(items);
    expect(seqs.length).toBeGreaterThan(safe);
    expect(seqs).toEqual(seqs.map((_, i) => i));
    expect(faults.every(({ kind }) => kind === 'tornTail')).toBe(true);
  });

  it('reports a disk that is full, loses only what does not fit, and ends in peace', async () => {
    const run = `ulimit -f 300; exec '${process.execPath}' --import tsx '${CHILD}' '${directory}' 400`;
    const child = spawn('bash', ['-c', run], { stdio: ['ignore', 'pipe', 'inherit'] });
    const messages: { state?: string; detail?: string; lost?: number }[] = [];
    for await (const line of createInterface({ input: child.stdout })) messages.push(JSON.parse(line) as object);
    const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)));
    expect(code).toBe(0);
    expect(messages.find(({ state }) => state === 'down')?.detail).toMatch(/cannot be written: EFBIG/);
    expect(messages.some(({ lost }) => lost !== undefined)).toBe(true);
    const seqs = seqsOf(readAll().items);
    expect(seqs.length).toBeGreaterThan(30);
  });
});
