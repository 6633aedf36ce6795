import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import source from '../../adapters/sources/recording.ts';
import { makeFrame } from '../../src/model/frame.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { createRecordingWriter } from '../../src/recording/writer.ts';
import sink from '../../src/sinks/recording.ts';
import { playSource, settingOf } from '../adapters/collect.ts';
import { channelLayout, START_US, testFrame } from '../support/frames.ts';

const layout = channelLayout(32);
const frameAt = (seq: number, stream = 's') =>
  testFrame(layout, seq, new Float64Array(32).fill(seq), {
    stream,
    context: { temperature: 300 + seq, i0: -0 },
    contextAgeUs: { temperature: 5, i0: 0 },
    unseenExposureUs: 3,
    axisShift: 0.5,
    flags: 8,
  });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'recording-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const openSink = () =>
  sink.create(sink.config.parse({ directory: 'run' }), {
    id: 'record',
    run: 'r1',
    instrument: 'xrd',
    modality: 'xrd',
    configText: 'version: 1\n',
    resolvePath: (path) => join(directory, path),
    report: () => undefined,
    countDropped: () => undefined,
  });

async function record(from: number, to: number, streams = ['s']): Promise<void> {
  const recording = openSink();
  for (let seq = from; seq < to; seq++) for (const stream of streams) recording.write(frameAt(seq, stream), stream);
  await recording.flush();
  await recording.close();
}
const play = (settings: { stream?: string } = {}, more = {}) =>
  playSource(source, { directory: 'run', ...settings }, settingOf(directory, more));

describe('the recording, written by the sink and played by the source', () => {
  it('gives back every frame exactly, context included', async () => {
    await record(0, 50);
    const { frames, slow, rejections } = await play();
    expect(frames).toEqual(Array.from({ length: 50 }, (_, seq) => frameAt(seq)));
    expect([slow, rejections]).toEqual([[], []]);
  });

  it('plays context and ages to the last bit, and no slow samples beside them', async () => {
    const writer = createRecordingWriter({
      directory: join(directory, 'run'),
      header: { run: 'r1', instrument: 'xrd', modality: 'xrd', config: '', versions: {} },
    });
    const written = Array.from({ length: 40 }, (_, seq) => ({
      ...frameAt(seq),
      context: {
        'temperature of the cell / \u00b0C': 25 + seq / 3,
        i0: seq % 2 === 0 ? -0 : 2 ** 53 + 2 * seq,
        motor: NaN,
      },
      contextAgeUs: { 'temperature of the cell / \u00b0C': 1e6 / (seq + 1), i0: 2 ** 33 + seq, motor: Infinity },
    }));
    for (const frame of written) {
      writer.writeSlow({ type: 'slow', name: 'i0', timeUs: frame.timeUs - 1, value: frame.context.i0, unit: '1' });
      writer.writeFrame(frame);
    }
    await writer.close();
    const { frames, slow, rejections } = await play();
    expect(frames).toEqual(written);
    expect([slow, rejections]).toEqual([[], []]);
  });

  it('keeps the frames of streams and all other signals, not the frames that stages made', async () => {
    const recording = openSink();
    const reading = {
      type: 'reading',
      stream: 's',
      seq: 1,
      timeUs: START_US,
      stage: 'sum',
      name: 'sum',
      value: 1,
      unit: '1',
      quality: 'valid',
    } as const;
    recording.write(frameAt(1), 's');
    recording.write(frameAt(1), 'background');
    recording.write(reading, 'sum');
    await recording.close();
    const recorded = openRecording(join(directory, 'run'));
    expect([...recorded.items()].map(({ type }) => type)).toEqual(['header', 'frame', 'reading']);
    expect(recorded.header).toMatchObject({ run: 'r1', instrument: 'xrd', config: 'version: 1\n' });
  });

  it('goes on after a position', async () => {
    await record(0, 50);
    const { frames } = await play({}, { resumeAfter: { seq: 44, timeUs: frameAt(44).timeUs } });
    // The ingress skips the frame of the position itself.
    expect(frames.map(({ seq }) => seq)).toEqual([44, 45, 46, 47, 48, 49]);
  });

  it('plays frames once that were recorded twice, before and after a restart', async () => {
    await record(0, 10);
    await record(6, 15);
    expect((await play()).frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 15 }, (_, i) => i));
  });

  it('plays one of several streams, under the name of its own', async () => {
    await record(0, 3, ['a', 'b']);
    const { frames } = await play({ stream: 'b' });
    expect(frames.map(({ stream, seq }) => [stream, seq])).toEqual([
      ['s', 0],
      ['s', 1],
      ['s', 2],
    ]);
    await expect(play()).rejects.toThrow(/no stream 's', but a, b/);
  });

  it('takes the noise that is declared for the stream, one layout for all frames', async () => {
    await record(0, 5);
    const { frames } = await play({}, { noise: 'unknown' });
    expect(new Set(frames.map((frame) => frame.layout)).size).toBe(1);
    expect(frames[0]!.layout.noise).toBe('unknown');
  });

  it('tells how much of a torn tail is lost', async () => {
    await record(0, 5);
    truncateSync(join(directory, 'run', '000001.seg'), 1500);
    const { frames, reports } = await play();
    expect(frames.length).toBeLessThan(5);
    expect(reports[0]).toMatch(/^ok: .*000001\.seg ends in the middle of a record: \d+ bytes/);
  });

  it('a directory without a recording is named', async () => {
    await expect(play()).rejects.toThrow(/no recording in .*run/);
  });

  it('gives back a frame whose clock was wrong', async () => {
    const recording = openSink();
    const late = makeFrame({ ...frameAt(0), timeUs: Date.UTC(2200, 0, 1) * 1000 });
    recording.write(late, 's');
    await recording.close();
    expect((await play()).frames).toEqual([late]);
  });
});
