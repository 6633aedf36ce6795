import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../../src/app/cli.ts';
import { surveyFile } from '../../../src/app/inspect/survey.ts';
import { tiny } from '../../adapters/files/tinyReader.ts';

const folder = mkdtempSync(join(tmpdir(), 'operando-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function command(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    progress: () => undefined,
    isTerminal: false,
    env: {},
    interrupted: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

beforeAll(async () => {
  const { code } = await command('simulate', 'xrd-heating:event-fast', '--frames', '60', '--out', join(folder, 'run'));
  expect(code).toBe(0);
});

it('says what a recording holds, and how to play it', async () => {
  const { code, out } = await command('inspect', join(folder, 'run'));
  expect(code).toBe(0);
  expect(out).toMatch(/modality\s+xrd/i);
  expect(out).toMatch(/60 spectra of \d+ channels/);
  expect(out).toMatch(/axis\s+twoTheta, 20\S* to \S+ deg, step/);
  expect(out).toMatch(/noise\s+Poisson counts/);
  expect(out).toMatch(/one every 0\.1 s/);
  expect(out).toMatch(/use: recording[\s\S]*noise: poisson\n\s+framePeriodMs: 100/);
});

it('says the same for programs', async () => {
  const { out } = await command('inspect', join(folder, 'run'), '--json', '--frames', '20');
  const survey = JSON.parse(out) as { series: { frameCount: number; isCut: boolean; statedCount: number }[] };
  expect(survey.series[0]).toMatchObject({ frameCount: 20, isCut: true, statedCount: 60 });
});

it('gives several files a line each, goes on after one that is no measurement, and fails when none is', async () => {
  writeFileSync(join(folder, 'picture.xy'), Buffer.from('89504e470d0a1a0a', 'hex'));
  const both = await command('inspect', join(folder, 'picture.xy'), join(folder, 'run'));
  expect(both.code).toBe(0);
  expect(both.err).toMatch(/picture\.xy is not a format that is read here: looks like a PNG image/);
  expect(both.out.split('\n')[0]).toMatch(/run: a recording of operando, \w+: .*60 spectra x/);
  expect((await command('inspect', join(folder, 'picture.xy'))).code).toBe(1);
  expect((await command('inspect', join(folder, 'nothing*'))).err).toMatch(/there is no .*nothing/);
});

it('finds zero rows, repeats, values that are no numbers, clipped channels, gaps and changes of the axis', async () => {
  const path = join(folder, 'odd.tiny');
  const rows = ['at 1 5 6 7', 'at 2 5 6 7', 'at 3 0 0 0', 'at 4 NaN 2 3', 'at 9 900 900 900', 'at 10 9 900 1'];
  writeFileSync(path, ['TINY', 'axis 1 2 3', ...rows, 'at 11 1', 'axis 1 2 4', 'at 12 3 2 1'].join('\n'));
  const { series } = await surveyFile(path, await tiny.open({ path }), 100);
  expect(series[0]!.oddities.map((each) => each.replace(folder, ''))).toEqual([
    'the same as the one before: spectrum 1',
    'zero in all channels: spectrum 2',
    'values that are no numbers: spectrum 3',
    'one value in all channels: spectrum 4',
    'another axis than the one before: spectrum 6',
    'saturated: neighbouring channels at 900, the largest value of all: spectrum 4',
    'cannot be used: 1 (/odd.tiny:9: 1 values)',
    '1 gaps in time, the longest 5 s before spectrum 4 (usually 1 s)',
  ]);
});
