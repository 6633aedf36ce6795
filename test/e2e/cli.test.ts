import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operando, root } from '../support/operando.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-cli-'))));
afterAll(() => rm(folder, { recursive: true }));

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return name;
};

const quiet = `version: 1
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:event-fast', frames: 200, realTime: false } }
    noise: poisson
    framePeriodMs: 100
pipeline:
  - { id: change, use: change.step, with: { learn: 50, ignore: [gain, shift] } }
  - { id: call, use: alert.hysteresis }
`;

describe('the command line', () => {
  it('lists its commands, and every command shows an example of itself', async () => {
    const { code, out } = await operando(['--help'], folder);
    expect(code).toBe(0);
    const names = [...out.matchAll(/^ {2}(\w+) {2,}/gm)].map((match) => match[1]!);
    expect(names).toEqual(expect.arrayContaining(['run', 'replay', 'simulate', 'check', 'explain', 'doctor']));
    for (const name of names) {
      const help = await operando([name, '--help'], folder);
      expect(help.code).toBe(0);
      expect(help.out).toMatch(/\nexamples?\n {2}(operando|npm)/);
    }
  });

  it.each([
    [['rnu'], /did you mean 'run'/],
    [['run'], /FILE is missing/],
    [['run', 'a.yaml', 'b.yaml'], /'b\.yaml' is one too many/],
    [['run', 'a.yaml', '--prot', '1'], /--prot/],
    [['replay', 'a.yaml', '--speed', 'fast'], /--speed expects a number/],
    [['simulate', 'xrd-heating:drfit-only', '--out', 'x'], /did you mean 'xrd-heating:drift-only'/],
    [['demo', '--scenario', 'eels:damage'], /no scenario 'eels:damage'/],
  ])('answers %j with exit code 2 and a hint', async (args, hint) => {
    const { code, err } = await operando(args, folder);
    expect(err).toMatch(hint);
    expect(code).toBe(2);
  });

  it('names file, line, path, what was expected and the nearest name', async () => {
    const path = await file(
      'wrong.yaml',
      quiet.replace('change.step', 'change.stpe').replace('learn: 50', 'learn: many'),
    );
    const { code, err } = await operando(['check', path], folder);
    expect(code).toBe(1);
    expect(err).toMatch(/wrong\.yaml:8:\d+ {2}pipeline\[0\]\.use .*did you mean "change\.step"/);
  });

  it('refuses a Poisson test behind a normalisation, naming both', async () => {
    const wrong = quiet.replace(
      '  - { id: change, use: change.step, with: { learn: 50, ignore: [gain, shift] } }',
      '  - { id: norm, use: normalisation.area }\n  - { id: change, use: change.poissonCusum, with: { learn: 50 } }',
    );
    const { code, err } = await operando(['run', await file('order.yaml', wrong)], folder);
    expect(code).toBe(1);
    expect(err).toMatch(/change\.poissonCusum 'change'.*normalisation\.area/s);
  });

  it('finds the event and gives an account in which no frame is missing', async () => {
    const { code, out } = await operando(['run', await file('quiet.yaml', quiet), '--no-page', '--digest'], folder);
    expect(out).toMatch(/WARNING +Spectrum changed at/);
    expect(out).toMatch(/stream xrd: 200 received = 200 processed \+ 0 summed into others \+ 0 dropped/);
    expect(out).toMatch(/^digest [0-9a-f]{64}$/m);
    expect(code).toBe(0);
  });

  it('explains its false alarms in frames and hours', async () => {
    const { out } = await operando(['explain', await file('quiet.yaml', quiet)], folder);
    expect(out).toMatch(/change +\(change\.step\) +one per 10000 frames = /);
  });

  it('says who has the data when those of an example are absent, and fails', async () => {
    const path = await file(
      'absent.yaml',
      `version: 1
streams:
  npd:
    source: { use: hdf5, with: { file: none.nxs, sourceNote: the archive of the beamline, data: a, axes: [{ path: b, name: d, unit: Ao }] } }
`,
    );
    const { code, err } = await operando(['replay', path, '--no-page'], folder);
    expect(err).toMatch(/none\.nxs.*the archive of the beamline/s);
    expect(code).toBe(1);
  });

  it('checks every example of the house', async () => {
    const examples = ['xrd-heating', 'eels-beam-damage', 'perovskite', 'lithium-nickel-oxide', 'silicon-raman'];
    const { code, err } = await operando(
      ['check', ...examples.map((name) => join(root, 'examples', `${name}.yaml`))],
      folder,
    );
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  it('writes the same recording twice for the same seed, with the truth beside it', async () => {
    for (const name of ['one', 'two'])
      expect(
        (
          await operando(
            ['simulate', 'eels-beam-damage:damage', '--seed', '7', '--frames', '50', '--out', name],
            folder,
          )
        ).code,
      ).toBe(0);
    expect(await readFile(join(folder, 'one/000001.seg'))).toEqual(await readFile(join(folder, 'two/000001.seg')));
    const truths = (await readFile(join(folder, 'one/truth.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(truths).toHaveLength(50);
    expect(JSON.parse(truths[49]!)).toMatchObject({ seq: 49, doseUnit: 'nm-2' });
  });
});
