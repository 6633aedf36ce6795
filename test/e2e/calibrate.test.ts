import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBaseline } from '../../src/model/baseline.ts';
import { operando } from '../support/operando.ts';

const pipeline = (setting: string): string => `version: 1
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:event-fast' } }
    noise: poisson
    framePeriodMs: 100
pipeline:
  - { id: cut, use: reduce.region, with: { from: 24, to: 32 } }
  - { id: change, use: change.step, with: { ${setting} } }
  - { id: call, use: alert.hysteresis }
`;
interface Shown {
  readonly quiet: readonly {
    readonly frames: number;
    readonly dispersion: { readonly spectrum: { readonly value: number; readonly standardError: number } };
  }[];
  readonly verdicts: readonly {
    readonly frames: number;
    readonly alarms: number;
    readonly proposed: { readonly value: number; readonly low: number; readonly high: number };
    readonly extrapolation: number;
  }[];
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operando-calibrate-'));
  await writeFile(join(folder, 'run.yaml'), pipeline('learn: 100, falseAlarms: { onePer: 8 h }'));
  for (const [name, seed] of [
    ['quiet', '5'],
    ['other', '6'],
  ] as const) {
    const args = ['simulate', 'xrd-heating:steady', '--seed', seed, '--frames', '3000', '--out', name];
    expect((await operando(args, folder)).code).toBe(0);
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const shown = async (args: readonly string[]): Promise<Shown> => {
  const { code, out, err } = await operando(['calibrate', ...args, '--json'], folder);
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Shown;
};

describe('operando calibrate', () => {
  it('says how rare an alarm the recording can speak of, and gives the lines to paste', async () => {
    const { code, out } = await operando(['calibrate', 'run.yaml', '--quiet', 'quiet', '--out', 'b.json'], folder);
    expect(code).toBe(0);
    expect(out).toMatch(/xrd: 3000 frames, 5 min; one frame per 100 ms; dispersion of the spectrum .*\(Poisson\)/);
    expect(out).toMatch(/change +one per 8 h +\d\.\d\d +\d in 2900 .*extrapolated 298x/);
    expect(out).toMatch(/4\.83 min can support one alarm per 1\.61 min; one per 8 h is extrapolated 298x/);
    expect(out).toMatch(/ {2}- id: change\n {4}with: \{ threshold: \d\.\d\d \} # one false alarm per 8 h/);
    const baseline = parseBaseline(await readFile(join(folder, 'b.json')));
    expect(baseline).toMatchObject({ frames: 3000, noise: 'poisson', exposureUs: 3000 * 100_000 });
    expect(baseline.madeFrom).toContain('recording quiet');
  });

  it('gives a threshold that another recording passes as rarely as asked for', async () => {
    const { verdicts } = await shown(['run.yaml', '--quiet', 'quiet', '--one-per', '10 s']);
    expect(verdicts[0]!.extrapolation).toBeLessThan(1);
    await writeFile(
      join(folder, 'set.yaml'),
      pipeline(`learn: 100, threshold: ${verdicts[0]!.proposed.value.toFixed(3)}`),
    );
    const [again] = (await shown(['set.yaml', '--quiet', 'other'])).verdicts;
    // 29 are expected; the baselines of 100 frames differ, which is worth up to an e-fold. The threshold for 8 h gives none.
    expect(again!.alarms).toBeGreaterThan(4);
    expect(again!.alarms).toBeLessThan(87);
  });

  it('agrees with itself when it draws the frames from the baseline, learned or held', async () => {
    const { verdicts, quiet } = await shown(['run.yaml', '--quiet', 'quiet', '--one-per', '1 min']);
    expect(Math.abs(quiet[0]!.dispersion.spectrum.value - 1)).toBeLessThan(0.02);
    const drawn = await shown([
      ...['run.yaml', '--quiet', 'quiet', '--one-per', '1 min'],
      ...['--bootstrap', '3', '--frames', '1000'],
    ]);
    expect(drawn.verdicts[0]!.frames).toBe(2700);
    expect(Math.abs(drawn.verdicts[0]!.proposed.value - verdicts[0]!.proposed.value)).toBeLessThan(0.4);
    await writeFile(join(folder, 'held.yaml'), pipeline('baseline: b.json, falseAlarms: { onePer: 8 h }'));
    const held = await shown(['held.yaml', '--one-per', '1 min', '--bootstrap', '3', '--frames', '1000']);
    expect(held.verdicts[0]!.frames).toBe(3000);
    expect(Math.abs(held.verdicts[0]!.proposed.value - verdicts[0]!.proposed.value)).toBeLessThan(0.4);
  });

  it('runs the detector on the baseline file it wrote, from the first frame', async () => {
    await writeFile(join(folder, 'held.yaml'), pipeline('baseline: b.json, falseAlarms: { onePer: 8 h }'));
    const [verdict] = (await shown(['held.yaml', '--quiet', 'other'])).verdicts;
    expect(verdict).toMatchObject({ frames: 3000, alarms: 0 });
  });

  it.each([
    [['run.yaml'], 2, /do not come from files: name a recording known to be quiet with --quiet/],
    [['run.yaml', '--quiet', 'none'], 1, /there is no recording in none/],
    [['run.yaml', '--quiet', 'quiet', '--one-per', 'soon'], 2, /'soon' is not a duration/],
    [['run.yaml', '--quiet', 'quiet', '--bootstrap', '0'], 2, /--bootstrap expects a number >= 1/],
  ])('refuses %j', async (args, code, reason) => {
    const ran = await operando(['calibrate', ...args], folder);
    expect(ran.err).toMatch(reason);
    expect(ran.code).toBe(code);
  });
});
