import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MutableFrame } from '../../src/model/frame.ts';
import { cloneFrame } from '../../src/model/frame.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { createRecordingWriter, type RecordingWriter } from '../../src/recording/writer.ts';
import { createSimulator } from '../../simulators/createSimulator.ts';

const PERIOD_US = 1000;
const DISTINCT = 64;
const BLOCK = 500;
const header = { run: 'bench', instrument: 'xrd', modality: 'xrd', config: '', versions: {} };

/** Frames per second that reach the disk, each block of 500 synchronised; of what a cap of 1 GiB keeps. */
export async function measureRecording(channels: number, seconds: number) {
  return inFolder(async (directory) => {
    let lost = 0;
    const writer = createRecordingWriter({
      directory,
      header,
      maxBytes: 2 ** 30,
      whenFull: 'dropOldest',
      countDropped: (reason, count) => (lost += reason === 'oldestFrames' ? 0 : count),
    });
    const frames = framesOf(channels);
    const beganMs = performance.now();
    let written = 0;
    while (performance.now() - beganMs < seconds * 1000) written = await writeBlock(writer, frames, written);
    await writer.close();
    const elapsed = (performance.now() - beganMs) / 1000;
    const mebibytes = (written * channels * 8) / 2 ** 20;
    return {
      framesPerSecond: Math.round(written / elapsed),
      mebibytesPerSecond: Math.round(mebibytes / elapsed),
      lost,
    };
  });
}

/** Milliseconds from opening a recording to the frame that was asked for. */
export async function measureSeek(channels: number, frameCount: number, seeks: number) {
  return inFolder(async (directory) => {
    const writer = createRecordingWriter({ directory, header });
    const frames = framesOf(channels);
    let written = 0;
    while (written < frameCount) written = await writeBlock(writer, frames, written);
    await writer.close();
    const timesMs: number[] = [];
    for (let i = 0; i < seeks; i++) {
      const seq = Math.floor(((i + 0.5) / seeks) * frameCount);
      const beganMs = performance.now();
      for (const item of openRecording(directory).items({ stream: 'xrd', seq })) {
        if (item.type !== 'frame') continue;
        if (item.seq !== seq) throw new Error(`asked for ${seq}, found ${item.seq}`);
        break;
      }
      timesMs.push(performance.now() - beganMs);
    }
    timesMs.sort((a, b) => a - b);
    const round = (value = 0): number => Number(value.toFixed(1));
    return { frames: frameCount, channels, p50Ms: round(timesMs[seeks >> 1]), maxMs: round(timesMs.at(-1)) };
  });
}

function framesOf(channels: number): MutableFrame[] {
  const simulator = createSimulator('xrd-heating:drift-only', { seed: 1, channels, framesPerSecond: 1000 });
  return Array.from({ length: DISTINCT }, () => ({ ...cloneFrame(simulator.next().frame), stream: 'xrd' }));
}

async function writeBlock(writer: RecordingWriter, frames: readonly MutableFrame[], from: number): Promise<number> {
  for (let seq = from; seq < from + BLOCK; seq++) {
    const frame = frames[seq % DISTINCT]!;
    frame.seq = seq;
    frame.timeUs = 1_767_225_600_000_000 + seq * PERIOD_US;
    writer.writeFrame(frame);
  }
  await writer.flush();
  return from + BLOCK;
}

async function inFolder<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'operando-ingest-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
