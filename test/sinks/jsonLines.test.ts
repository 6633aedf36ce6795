import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { makeFrame } from '../../src/model/frame.ts';
import jsonLinesSink from '../../src/sinks/jsonLines.ts';
import { until } from '../support/servers.ts';
import { alertAt, detectionAt, frameAt, listeningSetting, readingAt, START_US } from './signals.ts';

describe('the jsonLines sink', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'operando-lines-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  function open(settings: z.input<typeof jsonLinesSink.config> = { path: 'out.jsonl' }) {
    const listening = listeningSetting(directory);
    return { sink: jsonLinesSink.create(jsonLinesSink.config.parse(settings), listening.setting), ...listening };
  }
  const linesOf = (name = 'out.jsonl') =>
    readFileSync(join(directory, name), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('writes one object per signal, with its type, its node and its time', async () => {
    const { sink, lastState } = open();
    sink.write(readingAt(1, { standardError: 0.5 }), 'onset');
    sink.write(detectionAt(2), 'onset');
    sink.write(alertAt(3), 'newPhase');
    await sink.flush();
    const [reading, detection, alert] = linesOf();
    expect(reading).toEqual({
      node: 'onset',
      time: '2026-03-01T12:00:00.100000Z',
      ...readingAt(1, { standardError: 0.5 }),
    });
    expect(detection).toEqual({ node: 'onset', time: '2026-03-01T12:00:00.200000Z', ...detectionAt(2) });
    expect(alert).toEqual({ node: 'newPhase', time: '2026-03-01T12:00:00.300000Z', ...alertAt(3) });
    expect(lastState()).toBe('ok');
    await sink.close();
  });

  it('writes microseconds that a Date does not know', async () => {
    const { sink } = open();
    sink.write(readingAt(0, { timeUs: START_US + 7 }), 'onset');
    sink.write(readingAt(0, { timeUs: 1e30 }), 'onset');
    await sink.close();
    expect(linesOf().map(({ time }) => time)).toEqual(['2026-03-01T12:00:00.000007Z', null]);
  });

  it('writes a number that JSON cannot say as null, and says which it was', async () => {
    const { sink } = open({ path: 'out.jsonl', frames: 'full' });
    sink.write(readingAt(1, { value: NaN, standardError: Infinity }), 'onset');
    const frame = frameAt(2, 3);
    frame.values[1] = -Infinity;
    sink.write(frame, 'xrd');
    await sink.close();
    const [reading, written] = linesOf();
    expect(reading).toMatchObject({ value: null, standardError: null });
    expect(reading!.nonFinite).toEqual({ value: 'NaN', standardError: 'Infinity' });
    expect(written).toMatchObject({ values: [2, null, 4], nonFinite: { 'values.1': '-Infinity' } });
  });

  it('writes of frames nothing, a summary or every channel with the layout once', async () => {
    const none = open({ path: 'none.jsonl' });
    const summary = open({ path: 'summary.jsonl', frames: 'summary' });
    const full = open({ path: 'full.jsonl', frames: 'full' });
    for (const { sink } of [none, summary, full]) {
      sink.write(makeFrame({ ...frameAt(1, 4), mask: Uint8Array.of(0, 0, 0, 1) }), 'xrd');
      sink.write(frameAt(2, 4), 'xrd');
      await sink.close();
    }
    expect(readFileSync(join(directory, 'none.jsonl'), 'utf8')).toBe('');
    expect(linesOf('summary.jsonl')[0]).toMatchObject({
      type: 'frame',
      seq: 1,
      channelCount: 4,
      maskedCount: 1,
      total: 6,
      largest: 3,
    });
    expect(linesOf('summary.jsonl')[0]).not.toHaveProperty('values');
    const [first, second] = linesOf('full.jsonl');
    expect(first).toMatchObject({ values: [1, 2, 3, 4], mask: [0, 0, 0, 1], context: { temperature: 301 } });
    expect(first!.layout).toMatchObject({ axes: [{ name: 'twoTheta', coordinates: [10, 10.02, 10.04, 10.06] }] });
    expect(second).not.toHaveProperty('layout');
  });

  it('appends to what is there', async () => {
    for (const seq of [1, 2]) {
      const { sink } = open();
      sink.write(readingAt(seq), 'onset');
      await sink.close();
    }
    expect(linesOf().map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('begins a new file at its size limit, and keeps as many old ones as told', async () => {
    const { sink } = open({ path: 'out.jsonl', maxMegabytes: 0.001, keep: 2 });
    for (let seq = 0; seq < 50; seq++) {
      sink.write(readingAt(seq), 'onset');
      if (seq % 2 === 1) await sink.flush();
    }
    await sink.close();
    expect(readdirSync(directory).toSorted()).toEqual(['out.jsonl', 'out.jsonl.1', 'out.jsonl.2']);
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(1000);
    const seqs = ['out.jsonl.2', 'out.jsonl.1', 'out.jsonl'].flatMap((name) =>
      linesOf(name).map(({ seq }) => seq as number),
    );
    expect(seqs.at(-1)).toBe(49);
    expect(seqs).toEqual(Array.from(seqs, (_, i) => 50 - seqs.length + i));
  });

  it('says that a path cannot be written, counts what it drops, and goes on when it can', async () => {
    writeFileSync(join(directory, 'blocked'), 'a file where a folder should be');
    const { sink, lastState, reports, dropped } = open({
      path: 'blocked/out.jsonl',
      waitingLines: 10,
      flushWithin: '100 ms',
    });
    await until('it is told', () => lastState() === 'down');
    for (let seq = 0; seq < 100; seq++) sink.write(readingAt(seq), 'onset');
    await expect(sink.flush()).rejects.toThrow(/lines still wait, \d+ were lost/);
    expect(reports.at(-1)!.detail).toMatch(
      /^blocked\/out.jsonl cannot be written since .* lines wait: E(EXIST|NOTDIR)/,
    );
    expect(dropped.overflow).toBeGreaterThanOrEqual(90);
    rmSync(join(directory, 'blocked'));
    await until('it recovers', () => lastState() === 'ok');
    sink.write(readingAt(100), 'onset');
    await sink.flush();
    expect(linesOf('blocked/out.jsonl').map(({ seq }) => seq)).toEqual(
      Array.from({ length: 101 - dropped.overflow! }, (_, i) => dropped.overflow! + i),
    );
    await sink.close();
  });

  it.skipIf(!existsSync('/dev/full'))('leaves the disk as it was when it is full', async () => {
    const { sink, reports, lastState } = open({ path: '/dev/full', flushWithin: '100 ms' });
    sink.write(readingAt(1), 'onset');
    await expect(sink.flush()).rejects.toThrow('1 lines still wait, 0 were lost');
    expect(lastState()).toBe('down');
    expect(reports.at(-1)!.detail).toContain('ENOSPC');
    await sink.close();
  });

  it.skipIf(process.platform === 'win32')('leaves no half line behind when the disk takes half a batch', () => {
    const program = `
      const { default: sink } = await import('./src/sinks/jsonLines.ts');
      const nothing = () => undefined;
      const lines = sink.create(sink.config.parse({ path: '${directory}/out.jsonl', flushWithin: '200 ms' }), { id: 'out', run: 'r',
        instrument: 'i', modality: 'm', resolvePath: (path) => path, report: nothing, countDropped: nothing });
      const write = (seq) =>
        lines.write({ type: 'reading', stream: 's', seq, timeUs: seq, stage: 'a', name: 'b', value: seq, unit: '1', quality: 'valid' }, 'a');
      for (let seq = 0; seq < 5; seq++) write(seq);
      await lines.flush();
      for (let seq = 5; seq < 500; seq++) write(seq);
      await lines.flush().catch((error) => console.log(error.message));
      await lines.close();`;
    // The limit of a shell on the size of its files cuts a write short, as a full disk does.
    const command = `ulimit -f 16; exec "${process.execPath}" --import tsx --input-type=module -e "$PROGRAM"`;
    const { stdout } = spawnSync('sh', ['-c', command], {
      env: { ...process.env, PROGRAM: program, TSX_DISABLE_CACHE: '1' },
      encoding: 'utf8',
    });
    expect(stdout).toBe('out: 495 lines still wait, 0 were lost\n');
    expect(linesOf().map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
  });

  it('writes to the standard output, and survives a reader that goes away', () => {
    const program = `
      const { default: sink } = await import('./src/sinks/jsonLines.ts');
      const nothing = () => undefined;
      const lines = sink.create(sink.config.parse({ path: '-', flushWithin: '300 ms' }), { id: 'out', run: 'r', instrument: 'i', modality: 'm',
        resolvePath: (path) => path, report: nothing, countDropped: nothing });
      for (let seq = 0; seq < 15000; seq++)
        lines.write({ type: 'reading', stream: 's', seq, timeUs: seq, stage: 'a', name: 'b', value: seq, unit: '1', quality: 'valid' }, 'a');
      await lines.flush().catch((error) => console.error(error.message));
      await lines.close();
      console.error('closed');`;
    const command = `"${process.execPath}" --import tsx --input-type=module -e "$PROGRAM"`;
    const run = (tail: string) =>
      spawnSync('sh', ['-c', `${command} | ${tail}`], { env: { ...process.env, PROGRAM: program }, encoding: 'utf8' });
    expect(run('tail -n 1').stdout).toMatch(/^\{"type":"reading","node":"a".*"seq":14999/);
    const short = run('head -n 1');
    expect(short.stdout).toMatch(/"seq":0,/);
    expect(short.stderr).toMatch(/lines still wait/);
    expect(short.stderr).toMatch(/closed\n$/);
  }, 30_000);
});
