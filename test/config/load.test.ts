import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import { MonitorError } from '../../src/model/error.ts';

const good = `version: 1
run: ramp-7
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:event-in-drift' } }
    noise: poisson
    framePeriodMs: 100
pipeline:
  - { id: norm, from: xrd, use: normalisation.area }
sinks:
  - { id: log, from: '*', use: jsonLines, with: { path: '\${OUT}.jsonl' } }
`;
const env = { OUT: 'hush' };
const read = (text: string, environment: Record<string, string> = env) =>
  parseConfig(text, { path: 'dir/run.yaml', env: environment });

const problemsOf = (text: string, environment: Record<string, string> = env): string[] => {
  try {
    read(text, environment);
  } catch (error) {
    if (error instanceof MonitorError && error.code === 'CONFIG') return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
};

describe('parseConfig', () => {
  it('fills in defaults and resolves secrets', () => {
    const { config, directory, path } = read(good);
    expect(config).toMatchObject({ run: 'ramp-7', page: { port: 4180, host: '127.0.0.1' } });
    expect(config.streams['xrd']?.ingress).toEqual({ capacity: 256, overflow: 'sum' });
    expect(config.sinks[0]?.with).toMatchObject({ path: 'hush.jsonl' });
    expect(directory).toBe(join(process.cwd(), 'dir'));
    expect(path).toBe('dir/run.yaml');
  });

  it('gives one digest for one meaning: comments, order, written defaults and secrets do not count', () => {
    const { digest } = read(good);
    const other = good
      .replace('run: ramp-7\n', '')
      .replace('version: 1', '# a comment\nrun: ramp-7\nversion: 1\ncheckpoint: null')
      .replace('\ncheckpoint: null', '\npage: { port: 4180 }');
    expect(read(other).digest).toBe(digest);
    expect(read(good, { OUT: 'other' }).digest).toBe(digest);
    expect(read(good.replace('framePeriodMs: 100', 'framePeriodMs: 101')).digest).not.toBe(digest);
  });

  it('tells all problems at once, each with file, line, column, path and the nearest name', () => {
    const bad = good
      .replace('framePeriodMs: 100', 'framePeriodMs: fast')
      .replace('noise: poisson', 'noise: poissonian')
      .replace('normalisation.area', 'normalization.area')
      .replace('path:', 'pth:');
    expect(problemsOf(bad)).toEqual([
      'dir/run.yaml:6:12  streams.xrd.noise  expected one of "poisson", "scaledPoisson", "gaussian", "unknown", got "poissonian", did you mean "poisson"?',
      'dir/run.yaml:7:20  streams.xrd.framePeriodMs  expected a number, got "fast"',
      expect.stringMatching(
        /^dir\/run\.yaml:9:33 {2}pipeline\[0\]\.use {2}expected .*got "normalization\.area", did you mean "normalisation\.area"\?$/,
      ) as string,
      'dir/run.yaml:11:51  sinks[0].with.pth  expected a known key, got "pth", did you mean "path"?',
    ]);
  });

  it('gives the faults of the graph their lines too', () => {
    expect(problemsOf(good.replace('from: xrd', 'from: xrb'))).toEqual([
      'dir/run.yaml:9:23  pipeline[0].from  expected the id of a stream or a node, got "xrb", did you mean "xrd"?',
    ]);
  });

  it('names a secret that is not set, and never prints one that is', () => {
    expect(problemsOf(good, {})).toEqual([
      'dir/run.yaml:11:57  sinks[0].with.path  expected the environment variable OUT, it is not set',
    ]);
    const leaking = good.replace("path: '${OUT}.jsonl'", "path: x, frames: '${OUT}'");
    expect(problemsOf(leaking).join()).toContain('got "${OUT}"');
    expect(problemsOf(leaking).join()).not.toContain('hush');
  });

  it('tells what is no YAML, and a key that stands twice', () => {
    expect(problemsOf('version: [1')[0]).toMatch(/^dir\/run\.yaml:1:\d+ {2}\(file\) {2}not YAML: /);
    expect(problemsOf(good.replace('run: ramp-7', 'version: 1'))).toEqual([
      'dir/run.yaml:2:1  (file)  expected each key once, got it twice in one map',
    ]);
    expect(problemsOf('')).toEqual(['dir/run.yaml:1:1  (file)  expected a map of settings, got null']);
  });

  it('wants a source, or a transport and a codec', () => {
    expect(problemsOf(good.replace(/source: .*/, ''))).toEqual([
      'dir/run.yaml:6:5  streams.xrd  expected either source, or transport and codec',
    ]);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'operando-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('loadConfig', () => {
  it('reads a file', async () => {
    const path = join(folder, 'a.yaml');
    writeFileSync(path, good);
    expect((await loadConfig(path, env)).directory).toBe(folder);
  });

  it('says so when there is none', async () => {
    await expect(loadConfig(join(folder, 'none.yaml'), env)).rejects.toThrow('cannot be read');
  });

  describe('a baseline file of a detector', () => {
    const baseline = JSON.stringify({
      format: 'operando-baseline/1',
      axis: { unit: 'deg', centres: [1, 2] },
      noise: 'poisson',
      frames: 1,
      exposureUs: 1,
      sum: [1, 2],
      sumOfSquares: [1, 4],
      madeFrom: 'by hand',
    });
    const load = async (name: string, contents: string | null) => {
      const path = join(folder, 'detector.yaml');
      const stage = `use: change.step, with: { baseline: ${name} }`;
      writeFileSync(path, good.replace('use: normalisation.area', stage));
      if (contents !== null) writeFileSync(join(folder, name), contents);
      return loadConfig(path, env);
    };

    it('is read relative to the pipeline file, and its contents are part of the digest', async () => {
      const one = await load('quiet.json', baseline);
      expect(new TextDecoder().decode(one.assets['norm']?.['baseline'])).toBe(baseline);
      const other = await load('quiet.json', baseline.replace('"frames":1', '"frames":2'));
      expect(other.digest).not.toBe(one.digest);
    });

    it('is refused at its line when it is absent or wrong', async () => {
      await expect(load('absent.json', null)).rejects.toThrow(
        /detector\.yaml:9:\d+ {2}pipeline\[0\]\.with\.baseline {2}expected a file that can be read, got "absent\.json"/,
      );
      await expect(load('wrong.json', baseline.replace('[1,4]', '[1]'))).rejects.toThrow(
        /pipeline\[0\]\.with\.baseline {2}expected a baseline file, got "wrong\.json".*sumOfSquares: 1 numbers, expected 2/,
      );
    });
  });
});
