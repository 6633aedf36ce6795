import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operando } from '../support/operando.ts';

let folder = '';
const pipeline = `version: 1
run: recorded
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:event-fast', frames: 250, framesPerSecond: 100 } }
    noise: poisson
    framePeriodMs: 10
pipeline:
  - { id: region, use: reduce.region, with: { from: 22 } }
  - { id: aligned, use: calibration.shift, with: { learn: 40 } }
  - { id: change, use: change.step, with: { learn: 40, ignore: [gain, shift] } }
  - { id: call, use: alert.hysteresis }
sinks:
  - { id: record, from: '*', use: recording, with: { directory: run } }
`;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operando-replay-'));
  await writeFile(join(folder, 'live.yaml'), pipeline);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a recorded live run', () => {
  let live = '';
  it('is recorded while it runs in real time', async () => {
    const { code, out } = await operando(['run', 'live.yaml', '--no-page', '--digest'], folder);
    expect(code).toBe(0);
    expect(out).toMatch(/WARNING/);
    live = /^digest (\w+)$/m.exec(out)?.[1] ?? 'none';
  });

  it.each(['1', '10', 'max'])('gives the same signals to the bit at speed %s', async (speed) => {
    const { code, out } = await operando(['replay', 'run', '--no-page', '--speed', speed], folder);
    expect(out).toMatch(/identical to the recorded run: \d{3,} readings, detections and alerts/);
    expect(out).toContain(`digest ${live}`);
    expect(code).toBe(0);
  });

  it('is told apart when it is played through other settings', async () => {
    await writeFile(join(folder, 'other.yaml'), pipeline.replace('learn: 40, ignore', 'learn: 39, ignore'));
    const { code, out } = await operando(
      ['replay', 'run', '--no-page', '--speed', 'max', '--config', 'other.yaml'],
      folder,
    );
    expect(out).toMatch(/differs from the recorded run/);
    expect(code).toBe(0);
  });

  it('says where there is no recording', async () => {
    const { code, err } = await operando(['replay', '.', '--no-page'], folder);
    expect(err).toMatch(/there is no recording in \./);
    expect(code).toBe(1);
  });
});
