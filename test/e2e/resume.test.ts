import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operando, start } from '../support/operando.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-resume-'))));
afterAll(() => rm(folder, { recursive: true }));

const FRAMES = 6000;
const pipeline = (name: string): string => `version: 1
streams:
  eels:
    source: { use: simulator, with: { scenario: 'eels-beam-damage:damage', frames: ${FRAMES}, eventAtFrame: 2500, realTime: false } }
    noise: poisson
    framePeriodMs: 100
pipeline:
  - { id: lines, from: eels, use: reduce.region, with: { from: 690, to: 730 } }
  - { id: change, from: lines, use: change.step, with: { learn: 100, ignore: [gain, shift, slope] } }
  - { id: count, from: lines, use: change.poissonCusum, with: { learn: 100 } }
  - { id: dose, from: eels, use: dose.fluence, with: { current: { signal: beamCurrent, unit: nA, maximum: 1 }, areaNm2: 1.0e4, limit: 1.0e8 } }
  - { id: call, from: [change, dose], use: alert.hysteresis }
sinks:
  - { id: log, from: [change, count, dose, call], use: jsonLines, with: { path: ${name}.jsonl } }
checkpoint: { file: ${name}.checkpoint, everyFrames: 100 }
`;

/** What was said, by what it is about: repeating it after a crash changes nothing. A line cut off by the crash is left out. */
async function said(name: string): Promise<Map<string, string>> {
  const lines = (await readFile(join(folder, `${name}.jsonl`), 'utf8')).split('\n');
  const result = new Map<string, string>();
  for (const line of lines) {
    if (!line.endsWith('}')) continue;
    const signal = JSON.parse(line) as Record<string, unknown>;
    const key = ['node', 'type', 'seq', 'name', 'id', 'phase', 'threshold']
      .map((field) => String(signal[field]))
      .join(' ');
    const before = result.get(key);
    if (before !== undefined) expect(line).toBe(before);
    result.set(key, line);
  }
  return result;
}

const checkpointTime = (name: string): Promise<number> =>
  stat(join(folder, `${name}.checkpoint`)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

it('says the same, killed in mid-run three times, as when it is left alone', async () => {
  await writeFile(join(folder, 'whole.yaml'), pipeline('whole'));
  await writeFile(join(folder, 'killed.yaml'), pipeline('killed'));
  expect((await operando(['run', 'whole.yaml', '--no-page'], folder)).code).toBe(0);

  let kills = 0;
  for (const delayMs of [10, 70, 130]) {
    const before = await checkpointTime('killed');
    const run = start(['run', 'killed.yaml', '--no-page'], folder);
    while ((await checkpointTime('killed')) === before && run.child.exitCode === null) await pause(5);
    await pause(delayMs);
    if (run.child.exitCode === null && run.child.kill('SIGKILL')) kills++;
    await run.done;
  }
  const last = await operando(['run', 'killed.yaml', '--no-page'], folder);
  expect(last.code).toBe(0);
  expect(kills).toBe(3);
  expect(last.out).toMatch(/stream eels continues after frame \d+, from the checkpoint/);

  const whole = await said('whole');
  const killed = await said('killed');
  expect(whole.size).toBeGreaterThan(FRAMES);
  expect(killed.size).toBe(whole.size);
  for (const [key, line] of whole) expect(killed.get(key)).toBe(line);
}, 120_000);

it('refuses a checkpoint that other settings wrote, and says what to do', async () => {
  await writeFile(join(folder, 'other.yaml'), pipeline('whole').replace('learn: 100 }', 'learn: 101 }'));
  const { code, err } = await operando(['run', 'other.yaml', '--no-page'], folder);
  expect(code).toBe(1);
  expect(err).toMatch(/whole\.checkpoint was written with other settings.*--fresh/s);
});
