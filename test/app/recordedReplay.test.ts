import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/app/cli.ts';
import { digestOfRecorded } from '../../src/app/recordedRun.ts';
import { windowOf } from '../../src/app/replayWindow.ts';
import type { RecordedItem } from '../../src/recording/item.ts';
import { openRecording } from '../../src/recording/reader.ts';

/** Two instruments under one alert and one permit; one of them loses frames on the way, the other comes too fast. */
const pipeline = `version: 1
run: recorded
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:fault-drop', frames: 500, framesPerSecond: 200, slowPeriodMs: 50, channels: 256 } }
    noise: poisson
    framePeriodMs: 5
    ingress: { capacity: 1, overflow: sum }
  eels:
    source: { use: simulator, with: { scenario: 'eels-beam-damage:damage', frames: 250, framesPerSecond: 100, channels: 256 } }
    noise: poisson
    framePeriodMs: 10
pipeline:
  - { id: change, from: xrd, use: change.step, with: { learn: 40, ignore: [gain, shift] } }
  - { id: received, from: xrd, use: dose.fluence, with: { current: { signal: beamMonitor, unit: nA, maximum: 2 }, areaNm2: 1.0e4, limit: 1.0e8 } }
  - { id: lines, from: eels, use: reduce.region, with: { from: 690, to: 730 } }
  - { id: bonds, from: lines, use: change.step, with: { learn: 50, ignore: [gain, shift, slope] } }
  - { id: dose, from: eels, use: dose.fluence, with: { current: { signal: beamCurrent, unit: nA, maximum: 1 }, areaNm2: 1.0e4, limit: 1.0e8 } }
  - { id: call, from: [change, bonds, dose, received], use: alert.hysteresis }
permit:
  shutter: { use: simulator, with: { stream: eels } }
  armedAtStart: true
  leaseMs: 2000
  audit: audit.jsonl
page: { token: 'a-page-token-in-plain-text' }
sinks:
  - { id: record, from: '*', use: recording, with: { directory: run, checkpointFrames: 40 } }
  - { id: elsewhere, from: call, use: influx, with: { url: 'http://someone:hunter22@127.0.0.1:9', database: x, token: '\${REPLAY_TEST_TOKEN}' } }
`;

let folder = '';
let run = '';
async function operando(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const code = await main(args, {
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    progress: () => undefined,
    isTerminal: false,
    env,
    interrupted: new AbortController().signal,
  });
  return { code, out: lines.join('\n') };
}
const digestIn = (out: string): string => /^digest (\w+)$/m.exec(out)?.[1] ?? 'none';
const replay = (...args: string[]) => operando(['replay', run, '--no-page', '--speed', 'max', ...args]);

let live = '';
let items: RecordedItem[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operando-recorded-'));
  run = join(folder, 'run');
  await writeFile(join(folder, 'live.yaml'), pipeline);
  const { code, out } = await operando(['run', join(folder, 'live.yaml'), '--no-page', '--digest'], {
    REPLAY_TEST_TOKEN: 'a secret of the environment',
  });
  expect(code, out).toBe(0);
  live = digestIn(out);
  items = [...openRecording(run).items()].filter(({ type }) => type !== 'frame');
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const ofType = <Type extends RecordedItem['type']>(type: Type) =>
  items.filter((item): item is Extract<RecordedItem, { type: Type }> => item.type === type);

describe('the recording of a run', () => {
  it('holds what made it: the pipeline file without its secrets, and the versions of program and libraries', () => {
    const [header] = ofType('header');
    expect(header?.config).toMatch(/token: '?\$\{REPLAY_TEST_TOKEN\}/);
    expect(header?.config).toMatch(/token: '?left-out/);
    expect(header?.config).not.toMatch(/hunter22|plain-text|secret of the environment/);
    expect(header?.versions).toMatchObject({
      node: process.versions.node,
      zod: expect.stringMatching(/^4\./) as string,
    });
    expect(header?.versions['operando']).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('holds slow signals as they came, permit, losses and checkpoints', () => {
    const temperatures = ofType('slow').filter(({ name }) => name === 'temperature');
    expect(temperatures.length).toBeGreaterThan(20);
    expect(temperatures[0]).toMatchObject({ unit: 'K' });
    expect(ofType('permit').map(({ event }) => event)).toEqual(expect.arrayContaining(['granted', 'tripped']));
    const losses = ofType('losses').filter(({ stream }) => stream === 'xrd');
    expect(losses.at(-1)!.lostCount).toBeGreaterThan(0);
    expect(ofType('checkpoint').length).toBeGreaterThan(2);
    expect(ofType('reading').length).toBeGreaterThan(1000);
  });
});

describe('a replay of a run with gaps, slow signals, a permit and two instruments', () => {
  it.each(['1', '10', 'max'])('says the same to the last bit at speed %s', { timeout: 30_000 }, async (speed) => {
    const { code, out } = await operando(['replay', run, '--no-page', '--speed', speed]);
    expect(out).toMatch(/identical to the recorded run: \d{4,} readings/);
    expect(digestIn(out)).toBe(live);
    expect(code).toBe(0);
  });

  it.each(['30%', '50%', '230', '400', '85%'])('says the same from %s on, from a checkpoint', async (from) => {
    const { code, out } = await replay('--from', from);
    const recording = openRecording(run);
    const window = windowOf(recording, from, undefined, undefined);
    expect(recording.checkpointBefore(window.fromUs)).not.toBeNull();
    expect(digestIn(out)).toBe(digestOfRecorded(recording, window).digest.value());
    expect(out).toMatch(/identical to the recorded run: \d{2,} readings/);
    expect(code).toBe(0);
  });

  it('ends before --to, and says the same of the part between', async () => {
    const { code, out } = await replay('--from', '30%', '--to', '40%');
    expect(out).toMatch(/identical to the recorded run: \d{2,} readings/);
    expect(code).toBe(0);
  });

  it('plays through other settings from the beginning, since no checkpoint fits them', async () => {
    await writeFile(join(folder, 'other.yaml'), pipeline.replace('learn: 40', 'learn: 41'));
    const { code, out } = await operando(
      ['replay', run, '--no-page', '--speed', 'max', '--config', join(folder, 'other.yaml'), '--from', '50%'],
      { REPLAY_TEST_TOKEN: 'x' },
    );
    expect(out).toMatch(/differs from the recorded run/);
    expect(code).toBe(0);
  });

  it('refuses places that are not there, and says which are', async () => {
    const { code, out } = await replay('--from', '2001-01-01T00:00:00Z');
    expect(out).toMatch(/--from expects a time from 20\d\d-.* to 20\d\d-/);
    expect(code).toBe(2);
    expect((await replay('--from', '9999')).out).toMatch(/expects a frame from \d+ to \d+ of xrd, got 9999/);
    expect((await replay('--from', '60%', '--to', '40%')).out).toMatch(/is not before/);
  });
});
