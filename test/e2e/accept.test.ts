import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operando, start, type Running } from '../support/operando.ts';
import { until } from '../support/servers.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-accept-'))));
afterAll(() => rm(folder, { recursive: true }));

const TOKEN = 'a-secret-of-this-test';
const LEARN = 40;
const pipeline = (name: string): string => `version: 1
run: ${name}
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:event-fast', framesPerSecond: 100, eventAtFrame: 60 } }
    noise: poisson
    framePeriodMs: 10
pipeline:
  - { id: region, from: xrd, use: reduce.region, with: { from: 22 } }
  - { id: change, from: region, use: change.step, with: { learn: ${LEARN}, ignore: [gain, shift] } }
  - { id: count, from: xrd, use: change.poissonCusum, with: { learn: ${LEARN} } }
  - { id: call, from: change, use: alert.hysteresis }
sinks:
  - { id: record, from: '*', use: recording, with: { directory: ${name} } }
  - { id: log, from: [change, count, call], use: jsonLines, with: { path: ${name}.jsonl } }
page: { port: 0, token: ${TOKEN} }
checkpoint: { file: ${name}.checkpoint, everyFrames: 100000 }
`;

interface Line extends Readonly<Record<string, unknown>> {
  readonly node: string;
  readonly type: string;
  readonly seq: number;
  readonly name?: string;
  readonly value: number;
}
async function linesOf(name: string): Promise<Line[]> {
  const text = await readFile(join(folder, `${name}.jsonl`), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Line] : []));
}
const acceptedIn = (lines: readonly Line[]) => lines.filter(({ name }) => name === 'accepted');

const pageOf = async (run: Running): Promise<string> => `${(await run.shows(/^page (\S+)/m))[1]!}?token=${TOKEN}`;
const answered = async (url: string, path: string): Promise<unknown> => {
  const { origin, search } = new URL(url);
  return (await fetch(`${origin}/api/v1/${path}${search}`)).json();
};
const lastSeq = async (url: string): Promise<number> =>
  ((await answered(url, 'status')) as { page: { lastSeq: number | null } }).page.lastSeq ?? -1;
const pastFrame = (url: string, seq: number) => until(`frame ${seq}`, async () => (await lastSeq(url)) > seq);
/** Lets the detectors learn what was accepted, and ends the run in good order. */
async function learnAndEnd(run: Running, url: string) {
  await pastFrame(url, (await lastSeq(url)) + LEARN + 20);
  run.child.kill('SIGTERM');
  return run.done;
}

describe('a new state, accepted on the command line', () => {
  let live = '';
  it('is confirmed, clears the alert, and is kept with who and when', async () => {
    await writeFile(join(folder, 'live.yaml'), pipeline('live'));
    const run = start(['run', 'live.yaml', '--digest'], folder);
    const url = await pageOf(run);
    await run.shows(/WARNING/);
    await pastFrame(url, 150);
    const accepted = await operando(['accept', '--page', url, '--by', 'mk'], folder);
    expect(accepted).toMatchObject({ code: 0, out: expect.stringMatching(/^Accepted \(act 1\)/) as string });
    expect(await answered(url, 'acts')).toMatchObject({ acts: [{ by: 'mk', via: 'command line', count: 1 }] });
    const { code, out } = await learnAndEnd(run, url);
    expect(code).toBe(0);
    expect(out).toMatch(/ACCEPTED new state as the reference, act 1, by mk \(command line\)/);
    expect(out).toMatch(/cleared +New state accepted as the reference after /);
    live = /^digest (\w+)$/m.exec(out)?.[1] ?? 'none';

    const lines = await linesOf('live');
    const obeyed = acceptedIn(lines);
    expect(obeyed.map(({ node, value }) => [node, value]).sort()).toEqual([
      ['change', 1],
      ['count', 1],
    ]);
    const at = obeyed[0]!.seq;
    const after = lines.filter(({ node, seq }) => node === 'change' && seq >= at && seq < at + LEARN);
    expect(after.filter(({ name }) => name === 'learning')).toHaveLength(LEARN);
    expect(after.filter(({ name, type }) => type === 'detection' || name === 'statistic')).toEqual([]);
  }, 60_000);

  it('is part of the recording: the replay learns anew at the same frame, to the bit', async () => {
    const { code, out } = await operando(['replay', 'live', '--no-page', '--speed', 'max'], folder);
    expect(out).toMatch(/identical to the recorded run: \d{3,} readings, detections and alerts/);
    expect(out).toContain(`digest ${live}`);
    expect(code).toBe(0);
  }, 60_000);

  it('outlives the process: killed right after the confirmation, the monitor goes on from the accepted state', async () => {
    await writeFile(join(folder, 'killed.yaml'), pipeline('killed'));
    const run = start(['run', 'killed.yaml'], folder);
    const url = await pageOf(run);
    await pastFrame(url, 120);
    expect((await operando(['accept', '--page', url, '--by', 'mk'], folder)).code).toBe(0);
    run.child.kill('SIGKILL');
    await run.done;
    const again = start(['run', 'killed.yaml'], folder);
    const next = await pageOf(again);
    await again.shows(/stream xrd continues after frame (\d+), from the checkpoint/);
    expect(await answered(next, 'acts')).toMatchObject({ acts: [{ by: 'mk', count: 1 }] });
    expect((await operando(['accept', '--page', next], folder)).out).toMatch(/^Accepted \(act 2\)/);
    expect((await learnAndEnd(again, next)).code).toBe(0);
    const lines = await linesOf('killed');
    // The first act is told again where the checkpoint lay before the first frame that carried it; never a third time.
    const values = acceptedIn(lines.filter(({ node }) => node === 'change')).map(({ value }) => value);
    expect([...new Set(values)]).toEqual([1, 2]);
    expect(values.length).toBeLessThanOrEqual(3);
  }, 60_000);

  it('is for those whose token may operate, as long as it is not revoked', async () => {
    const token = async (...args: string[]) => operando(['token', ...args, '--file', 'tokens'], folder);
    await writeFile(join(folder, 'roles.yaml'), pipeline('roles').replace(`token: ${TOKEN}`, 'tokensFile: tokens'));
    const looks = (await token('add', 'wall display')).out.trim();
    const operates = (await token('add', 'control room', '--role', 'operate')).out.trim();
    expect((await token('list')).out).toBe('view     wall display\noperate  control room\n');
    expect((await token('add', 'control room')).code).toBe(2);
    const run = start(['run', 'roles.yaml'], folder);
    const { origin } = new URL((await run.shows(/^page (\S+)/m))[1]!);
    const acceptWith = async (given: string) => operando(['accept', '--page', origin, '--token', given], folder);
    expect((await acceptWith(looks)).err).toMatch(/may only look/);
    expect((await acceptWith(operates)).code).toBe(0);
    expect((await token('revoke', 'control room')).code).toBe(0);
    await until('the revocation', async () => (await acceptWith(operates)).code === 1);
    run.child.kill('SIGTERM');
    const { out, err } = await run.done;
    expect(out).toMatch(/by \S+ \(command line \(control room\)\)/);
    const kept = (await readFile(join(folder, 'tokens'), 'utf8')) + out + err;
    for (const secret of [looks, operates]) expect(kept).not.toContain(secret);
  }, 60_000);

  it('is refused in words: a wrong token, no monitor, a wrong address', async () => {
    await writeFile(join(folder, 'guarded.yaml'), pipeline('guarded'));
    const run = start(['run', 'guarded.yaml'], folder);
    const { origin } = new URL(await pageOf(run));
    const wrong = await operando(['accept', '--page', origin, '--token', 'another-secret-here'], folder);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/^not accepted: refused/)]);
    expect((await operando(['accept', '--page', origin, '--token', TOKEN], folder)).code).toBe(0);
    run.child.kill('SIGTERM');
    await run.done;
    const absent = await operando(['accept', '--page', origin], folder);
    expect([absent.code, absent.err]).toEqual([1, expect.stringMatching(/^not confirmed by http:\/\/127/)]);
    expect((await operando(['accept', '--page', 'ftp://x'], folder)).code).toBe(2);
  }, 60_000);
});
