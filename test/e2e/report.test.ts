import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentsOf } from '../../src/report/contents.ts';
import { evidenceOf } from '../../src/report/evidence.ts';
import { readEvidence } from '../../src/evidence/files.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { operando, start } from '../support/operando.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-report-'))));
afterAll(() => rm(folder, { recursive: true }));

const PIPELINE = `version: 1
run: tuesday
instrument: P07
modality: XRD
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:event-fast', framesPerSecond: 200, eventAtFrame: 120 } }
    noise: poisson
    framePeriodMs: 5
pipeline:
  - { id: aligned, from: xrd, use: calibration.shift, with: { learn: 40 } }
  - { id: change, from: aligned, use: change.step, with: { learn: 40, ignore: [gain, shift] } }
  - { id: call, from: change, use: alert.hysteresis, with: { what: 'Pattern <i>of</i> rutile' } }
  - { id: dose, from: xrd, use: dose.exposureTime, with: { limit: 10 } }
sinks:
  - { id: record, from: '*', use: recording, with: { directory: run } }
`;

describe('the report of a recorded run', () => {
  it('tells of every alert with its evidence, and needs nothing but itself', async () => {
    await writeFile(join(folder, 'run.yaml'), PIPELINE);
    const run = start(['run', 'run.yaml', '--no-page', '--digest'], folder);
    await run.shows(/WARNING/);
    await new Promise((resolve) => setTimeout(resolve, 500));
    run.child.kill('SIGTERM');
    const { out } = await run.done;
    const digest = /^digest (\w+)$/m.exec(out)?.[1] ?? 'none';

    const { code, out: said } = await operando(['report', 'run'], folder);
    expect(code).toBe(0);
    expect(said).toMatch(/report\.html: \d+ alerts, \d+ KiB/);
    const page = await readFile(join(folder, 'run/report.html'), 'utf8');
    const { alerts } = contentsOf(openRecording(join(folder, 'run')));
    expect(alerts.length).toBeGreaterThan(0);
    expect(page.match(/<article /g)).toHaveLength(alerts.length);
    expect(page.match(/aria-label="Spectra before and after, with the residual"/g)).toHaveLength(alerts.length);
    expect(page).toContain('Pattern &lt;i&gt;of&lt;/i&gt; rutile changed at');
    for (const part of ['Timeline', 'Dose and damage', 'Drift', 'Losses', 'Settings', 'Software', 'tuesday', 'P07'])
      expect(page).toContain(part);
    expect(page).toContain(`<code>${digest}</code>`);
    // Nothing is fetched, nothing runs.
    expect(page).not.toMatch(/<script|\bsrc=|href="(?!data:)|url\(|https?:/);
  }, 120_000);

  it('shows evidence that is the same from the live run and from its recording', async () => {
    const directory = join(folder, 'run');
    const kept = readEvidence(directory);
    const again = evidenceOf(openRecording(directory));
    expect(kept.size).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify([...again]))).toEqual([...kept]);
    const [bundle] = [...kept.values()];
    expect(bundle).toMatchObject({
      run: 'tuesday',
      axis: { name: 'twoTheta', unit: 'deg' },
      before: { frameCount: expect.any(Number) as number },
    });
    expect(bundle?.before?.frameCount).toBeGreaterThanOrEqual(50);
    expect(Math.max(...(bundle?.residual ?? []).map((value) => Math.abs(value ?? 0)))).toBeGreaterThan(5);
    expect(bundle?.readings.some(({ stage, name }) => stage === 'dose' && name === 'dose')).toBe(true);
    for (const file of await readdir(join(directory, 'evidence'))) await rm(join(directory, 'evidence', file));
    const { code, out } = await operando(['report', 'run', '--out', '-'], folder);
    expect(code).toBe(0);
    expect(out.match(/aria-label="Statistic over threshold"/g)?.length).toBe(kept.size);
  }, 120_000);

  it('is refused in words where there is no recording', async () => {
    const { code, err } = await operando(['report', 'nowhere'], folder);
    expect(code).toBe(1);
    expect(err).toContain('nowhere');
  }, 120_000);
});
