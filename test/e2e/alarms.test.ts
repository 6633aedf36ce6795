import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alarm } from '../../src/model/alarm.ts';
import { operando, start, type Running } from '../support/operando.ts';
import { until } from '../support/servers.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'operando-alarms-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Two rules that speak of the same change, the second as a critical one. */
const pipeline = (name: string): string => `version: 1
run: ${name}
streams:
  xrd:
    source: { use: simulator, with: { scenario: 'xrd-heating:event-fast', framesPerSecond: 100, eventAtFrame: 60 } }
    noise: poisson
    framePeriodMs: 10
pipeline:
  - { id: change, from: xrd, use: change.step, with: { learn: 40, ignore: [gain, shift] } }
  - { id: call, from: change, use: alert.hysteresis }
  - { id: urgent, from: change, use: alert.hysteresis, with: { severity: critical } }
sinks:
  - { id: record, from: '*', use: recording, with: { directory: ${name} } }
page: { port: 0 }
checkpoint: { file: ${name}.checkpoint, everyFrames: 100000 }
alarms: { fold: { moreThan: 3, within: 10 min } }
`;

const pageOf = async (run: Running): Promise<string> => (await run.shows(/^page (\S+)/m))[1]!;
const listOf = async (page: string): Promise<readonly Alarm[]> => {
  const { alarms } = (await (await fetch(new URL('/api/v1/alarms', page))).json()) as { alarms: readonly Alarm[] };
  return alarms;
};
const statesOf = async (page: string): Promise<string> =>
  (await listOf(page))
    .map(({ state }) => state)
    .sort()
    .join(' ');
const see = (page: string, ...args: string[]) => operando(['alarms', ...args, '--page', page, '--by', 'mk'], folder);

describe('the alarms of a run', () => {
  it('are seen to on the command line, go on after a restart, and live the same life in a replay', async () => {
    await writeFile(join(folder, 'live.yaml'), pipeline('live'));
    const first = start(['run', 'live.yaml'], folder);
    const page = await pageOf(first);
    await until('both alarms', async () => (await statesOf(page)) === 'unacknowledged unacknowledged');
    const [quiet, loud] = [...(await listOf(page))].sort((a, b) => a.id.localeCompare(b.id));
    expect(quiet?.id.startsWith('call')).toBe(true);
    expect(await see(page, 'ack', quiet?.id ?? '')).toMatchObject({ code: 0, out: 'Acknowledged by mk.\n' });
    expect((await see(page, 'ack', quiet?.id ?? '')).err).toMatch(/acknowledged by mk before/);
    expect((await see(page, 'shelve', loud?.id ?? '')).err).toMatch(/takes a reason/);
    expect((await see(page, 'shelve', loud?.id ?? '', '--for', '9 h')).err).toMatch(/at most 8 h/);
    expect((await see(page, 'shelve', loud?.id ?? '', '--reason', 'filling', '--for', '20 min')).code).toBe(0);
    expect((await see(page, 'reset', 'nobody')).err).toMatch(/no such alarm/);
    expect(await statesOf(page)).toBe('acknowledged shelved');
    first.child.kill('SIGTERM');
    await first.done;

    const second = start(['run', 'live.yaml'], folder);
    const next = await pageOf(second);
    await second.shows(/continues after frame/);
    // The simulated sample begins anew: what stood is over, and comes again.
    await until('the change again', async () => (await statesOf(next)) === 'shelved shelved unacknowledged');
    const { out: list } = await see(next);
    expect(list).toMatch(/shelved .* \(by mk, until [\d:.]+: filling\)/);
    expect(list).toMatch(/shelved .* \(by mk, until [\d:.]+: filling, active\)/);
    expect((await see(next, 'unshelve', loud?.id ?? '')).code).toBe(0);
    expect(await statesOf(next)).toBe('returned unacknowledged unacknowledged');
    expect((await see(next, 'ack', 'all')).code).toBe(0);
    expect((await operando(['accept', '--page', next, '--by', 'jo'], folder)).code).toBe(0);
    await until('what was accepted', async () => (await statesOf(next)) === 'latched latched');
    for (const { id } of await listOf(next)) expect((await see(next, 'reset', id)).out).toBe('Reset by mk.\n');
    expect((await see(next)).out).toBe('no alarms\n');
    second.child.kill('SIGTERM');
    const { code, out } = await second.done;
    expect(code).toBe(0);
    for (const word of ['UNSHELVED by mk', 'ACKNOWLEDGED by mk', 'RESET by mk']) expect(out).toContain(`alarm ${word}`);

    const replayed = await operando(['replay', 'live', '--no-page', '--speed', 'max'], folder);
    expect(replayed.out).toMatch(/life of the alarms identical to the recorded: 17 steps/);
    expect(replayed.out).toMatch(/identical to the recorded run/);
    expect(replayed.out).toMatch(/alarm SHELVED by mk: .* \(filling\)/);
    expect(replayed.code).toBe(0);
  }, 240_000);

  it('outlive a killed process: what was confirmed stays done', async () => {
    await writeFile(join(folder, 'killed.yaml'), pipeline('killed'));
    const first = start(['run', 'killed.yaml'], folder);
    const page = await pageOf(first);
    await until('both alarms', async () => (await statesOf(page)) === 'unacknowledged unacknowledged');
    const { id } = (await listOf(page))[0]!;
    expect((await see(page, 'shelve', id, '--reason', 'filling')).code).toBe(0);
    first.child.kill('SIGKILL');
    await first.done;
    const second = start(['run', 'killed.yaml'], folder);
    const next = await pageOf(second);
    await second.shows(/continues after frame/);
    expect(await listOf(next)).toContainEqual(
      expect.objectContaining({ id, shelf: expect.objectContaining({ by: 'mk', reason: 'filling' }) as object }),
    );
    second.child.kill('SIGTERM');
    await second.done;
  }, 120_000);

  it('are those of the recorded run in a replay, where nobody can see to them', async () => {
    const again = start(['replay', 'live', '--speed', '1'], folder);
    const page = await pageOf(again);
    await until('an alarm', async () => (await listOf(page)).length > 0);
    expect((await see(page, 'ack', 'all')).err).toMatch(/This is a replay/);
    again.child.kill('SIGTERM');
    await again.done;
  }, 120_000);
});
