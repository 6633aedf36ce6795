import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRecordedSignal } from '../../src/recording/item.ts';
import { openRecording } from '../../src/recording/reader.ts';
import type { RecordingStart } from '../../src/recording/reader.ts';
import { createRecordingWriter } from '../../src/recording/writer.ts';
import { alertAt, detectionAt, frameAt, readingAt } from '../sinks/signals.ts';

const header = { run: 'r', instrument: 'lab', modality: 'xrd', config: '', versions: {} };
const CHILD = join(import.meta.dirname, 'writingChild.ts');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'restart-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Life {
  readonly from: number;
  readonly to: number;
  readonly streams?: readonly string[];
  /** Added to the time of every frame, microseconds. */
  readonly laterUs?: number;
  readonly segmentBytes?: number;
}

/** One run of a monitor: each frame and what was said of it, two detections alike among that. */
async function live({ from, to, streams = ['xrd'], laterUs = 0, segmentBytes = 2 ** 26 }: Life): Promise<void> {
  const writer = createRecordingWriter({ directory, header, segmentBytes });
  for (let seq = from; seq < to; seq++)
    for (const stream of streams) {
      const place = { stream, timeUs: frameAt(seq).timeUs + laterUs };
      writer.writeFrame({ ...frameAt(seq), ...place });
      writer.writeSignal(readingAt(seq, place), 'onset');
      writer.writeSignal(readingAt(seq, { ...place, name: 'threshold', value: 9 }), 'onset');
      writer.writeSignal(detectionAt(seq, { ...place, template: 'first' }), 'onset');
      writer.writeSignal(detectionAt(seq, { ...place, template: 'second' }), 'onset');
      if (seq % 3 === 0) writer.writeSignal(alertAt(seq, place), 'call');
    }
  await writer.flush();
  await writer.close();
}

/** The last run was killed in the middle: the end of what it wrote, and its index, are missing. */
function kill(lostBytes: number): void {
  const name = readdirSync(directory)
    .filter((file) => file.endsWith('.seg'))
    .sort()
    .at(-1)!;
  const path = join(directory, name);
  truncateSync(path, statSync(path).size - lostBytes);
  rmSync(path.replace(/\.seg$/, '.idx'));
}

function read(once: boolean, start?: RecordingStart): string[] {
  const lines: string[] = [];
  for (const item of openRecording(directory).items(start, undefined, { once })) {
    if (item.type !== 'frame' && !isRecordedSignal(item)) continue;
    const { type, stream, seq, timeUs } = item;
    const what = item.type === 'frame' ? item.values[0] : item.type === 'reading' ? item.name : JSON.stringify(item);
    lines.push([type, stream, seq, timeUs, what].join(' '));
  }
  return lines;
}

/** What a run that was never interrupted would have recorded. */
async function uninterrupted(life: Life): Promise<string[]> {
  const kept = directory;
  directory = mkdtempSync(join(tmpdir(), 'restart-'));
  await live(life);
  const lines = read(false);
  rmSync(directory, { recursive: true });
  directory = kept;
  return lines;
}

describe('a recording that a restarted monitor went on with', () => {
  it('is read once as if there had been no restart, wherever it was killed', async () => {
    const expected = await uninterrupted({ from: 0, to: 15 });
    for (let lostBytes = 1; lostBytes < 1800; lostBytes += 97) {
      await live({ from: 0, to: 10 });
      kill(lostBytes);
      await live({ from: 5, to: 15 });
      expect(read(true)).toEqual(expected);
      expect(read(false).length).toBeGreaterThan(expected.length);
      for (const name of readdirSync(directory)) rmSync(join(directory, name));
    }
  });

  it('is read once when it was killed again and again, before the next checkpoint and after', async () => {
    for (const [from, to] of [
      [0, 20],
      [10, 30],
      [10, 25],
      [10, 40],
      [38, 60],
      [57, 65],
    ] as const) {
      await live({ from, to });
      kill(300);
    }
    await live({ from: 62, to: 70 });
    expect(read(true)).toEqual(await uninterrupted({ from: 0, to: 70 }));
  });

  it('is read once when its segments are short', async () => {
    await live({ from: 0, to: 100, segmentBytes: 8000 });
    kill(700);
    await live({ from: 40, to: 150, segmentBytes: 8000 });
    expect(read(true)).toEqual(await uninterrupted({ from: 0, to: 150 }));
  });

  it('is read once for each of its streams', async () => {
    const streams = ['xrd', 'raman'];
    await live({ from: 0, to: 10, streams });
    kill(500);
    await live({ from: 6, to: 20, streams });
    expect(read(true).toSorted()).toEqual((await uninterrupted({ from: 0, to: 20, streams })).toSorted());
  });

  it('is read once from the middle of what was recorded twice', async () => {
    await live({ from: 0, to: 10 });
    await live({ from: 5, to: 15 });
    const expected = await uninterrupted({ from: 7, to: 15 });
    expect(read(true, { stream: 'xrd', seq: 7 })).toEqual(expected);
  });

  it('keeps frames whose numbers begin anew, and those after a clock was set back', async () => {
    await live({ from: 0, to: 10 });
    await live({ from: 0, to: 10, laterUs: 60e6 });
    await live({ from: 10, to: 20, laterUs: -60e6 });
    expect(read(true)).toEqual(read(false));
    expect(read(true)).toHaveLength(3 * 50 + 4 + 4 + 3);
  });

  it('gives each frame once when the writer was really killed', async () => {
    for (const first of [0, 700]) {
      const child = spawn(process.execPath, ['--import', 'tsx', CHILD, directory, 'Infinity', String(first)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for await (const line of createInterface({ input: child.stdout }))
        if (((JSON.parse(line) as { safe?: number }).safe ?? 0) >= first + 999) child.kill('SIGKILL');
    }
    const seqs = read(true).map((line) => Number(line.split(' ')[2]));
    expect(seqs.length).toBeGreaterThan(1699);
    expect(seqs).toEqual(seqs.map((_, i) => i));
    expect(read(false).length).toBeGreaterThan(seqs.length + 200);
  });
});
