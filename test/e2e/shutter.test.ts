import { readFile, mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import httpLink from '../../adapters/actuators/links/http.ts';
import mqttLink from '../../adapters/actuators/links/mqtt.ts';
import { withReconnect } from '../../adapters/withReconnect.ts';
import type { PermitMessage, ShutterReport } from '../../src/model/permit.ts';
import type { ShutterLink } from '../../src/model/shutter.ts';
import { operando, start, type Running } from '../support/operando.ts';
import { needs } from '../support/requirement.ts';
import { findProgram, freePort, startMosquitto, until, type TestServer } from '../support/servers.ts';

const LEASE_MS = 600;
const isReady = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);

/** The monitor's end, reduced to what a test commands. */
function makeMonitor(link: ShutterLink) {
  const end = new AbortController();
  const reports: ShutterReport[] = [];
  const states: string[] = [];
  const running = withReconnect<ShutterReport>(link, { longestMs: 200 }).run(
    { next: (report) => void reports.push(report), report: ({ state }) => void states.push(state) },
    end.signal,
  );
  let seq = 0;
  const permit = (more: Partial<PermitMessage> = {}): PermitMessage => ({
    run: 'r',
    epoch: 1,
    seq: ++seq,
    state: 'open',
    reason: '',
    ttlMs: LEASE_MS,
    answers: reports.at(-1)?.challenge ?? '',
    ...more,
  });
  return {
    reports,
    states,
    permit,
    last: () => reports.at(-1),
    send: link.send,
    /** Renews until the check holds. */
    async renewUntil(what: string, check: () => boolean, more: Partial<PermitMessage> = {}) {
      await until(what, () => {
        link.send(permit(more));
        return check();
      });
    },
    async end() {
      end.abort();
      await running;
    },
  };
}

/** A shutter of files: programs write its state, and read it. */
async function makeScripts() {
  const folder = await mkdtemp(join(tmpdir(), 'operando-shutter-'));
  const state = join(folder, 'state');
  const script = join(folder, 'set shutter.sh');
  await writeFile(script, '#!/bin/sh\necho "$1" > "$(dirname "$0")/state"\n');
  await chmod(script, 0o755);
  await writeFile(state, 'open\n');
  return {
    folder,
    state: async () => (await readFile(state, 'utf8')).trim(),
    flags: [
      ...['--instrument', 'tem', '--device', 'command', '--json'],
      ...['--open', `'${script}' open`, '--close', `'${script}' closed`, '--read', `cat ${state}`],
    ],
  };
}

const eventsOf = ({ out }: Running): { readonly event: string; readonly [key: string]: unknown }[] =>
  out()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { event: string });

async function endOf(shutter: Running | undefined): Promise<void> {
  shutter?.child.kill('SIGKILL');
  await shutter?.done;
}

describe.skipIf(!isReady)('operando shutter --mqtt', { timeout: 60_000 }, () => {
  let broker: TestServer;
  let scripts: Awaited<ReturnType<typeof makeScripts>>;
  let shutter: Running;
  let monitor: ReturnType<typeof makeMonitor>;

  beforeAll(async () => {
    broker = await startMosquitto();
    scripts = await makeScripts();
    const link = mqttLink.create({ url: broker.url, site: 'lab', version: 'auto' }, { instrument: 'tem' });
    monitor = makeMonitor(link);
    await until('the monitor listens', () => monitor.states.includes('ok'));
    // Kept by the broker for whoever comes: no permit.
    const { default: mqtt } = await import('mqtt');
    const other = await mqtt.connectAsync(broker.url);
    const kept = { ...monitor.permit({ epoch: 9, state: 'closed' }) };
    await other.publishAsync('operando/v1/lab/tem/permit', JSON.stringify(kept), { retain: true, qos: 1 });
    await other.endAsync();
    shutter = start(['shutter', '--mqtt', broker.url, ...scripts.flags], scripts.folder);
    await until('the shutter reports', () => monitor.last() !== undefined);
  });
  afterAll(async () => {
    await monitor?.end();
    await endOf(shutter);
    await broker?.stop();
    await rm(scripts.folder, { recursive: true, force: true });
  });

  it('closes a shutter that was open at the start, before it listens', async () => {
    expect(await scripts.state()).toBe('closed');
    const events = eventsOf(shutter).map(({ event, state }) =>
      typeof state !== 'string' ? event : `${event} ${state}`,
    );
    expect(events.indexOf('changed')).toBeLessThan(events.indexOf('link ok'));
  });

  it('takes no permit that the broker kept', async () => {
    await until('the kept permit is told of', () => /ignored: retained/.test(shutter.out()));
    expect(monitor.last()).toMatchObject({ epoch: 0, observed: 'closed' });
  });

  it('opens on answered leases, and closes within the lease when the monitor falls silent', async () => {
    await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open');
    expect(await scripts.state()).toBe('open');
    const count = monitor.reports.length;
    await monitor.renewUntil('it stays open', () => monitor.reports.length > count + 10);
    expect(monitor.last()).toMatchObject({ observed: 'open', driven: 'open', isReadBack: true, reason: '' });
    await until('it is closed', () => monitor.last()?.observed === 'closed');
    expect(monitor.last()?.reason).toMatch(/ran out/);
    expect(await scripts.state()).toBe('closed');
  });

  it('does not open again by the same epoch, an older one, an old challenge or a repetition', async () => {
    const count = monitor.reports.length;
    const old = monitor.reports[0]!.challenge;
    const replayed = monitor.permit({ epoch: 2, answers: old });
    await until('several reports', () => {
      monitor.send(monitor.permit({ epoch: 1 }));
      monitor.send(replayed);
      monitor.send(monitor.permit({ epoch: 2, answers: '' }));
      return monitor.reports.length > count + 10;
    });
    expect(monitor.reports.slice(count).every(({ driven }) => driven === 'closed')).toBe(true);
    expect(shutter.out()).toMatch(/"why":"staleAnswer"/);
    expect(shutter.out()).toMatch(/"why":"lapsed"/);
  });

  it('closes at once when it is told to, and says why', async () => {
    await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open', { epoch: 3 });
    monitor.send(monitor.permit({ epoch: 3, state: 'closed', reason: 'dose 1.0 of 1.0', answers: '' }));
    await until('it is closed', () => monitor.last()?.observed === 'closed');
    expect(monitor.last()?.reason).toBe('dose 1.0 of 1.0');
  });

  it('closes when it was stopped and goes on, without a drive open in between', async () => {
    await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open', { epoch: 4 });
    shutter.child.kill('SIGSTOP');
    const endMs = Date.now() + LEASE_MS + 300;
    while (Date.now() < endMs) {
      monitor.send(monitor.permit({ epoch: 4 }));
      await pause(50);
    }
    const before = eventsOf(shutter).length;
    shutter.child.kill('SIGCONT');
    await until('it is closed', () => monitor.last()?.observed === 'closed');
    const after = eventsOf(shutter).slice(before);
    expect(after.find(({ event }) => event === 'changed')).toMatchObject({ driven: 'closed' });
    expect(after.some(({ driven }) => driven === 'open')).toBe(false);
  });

  it('closes when the broker dies, and is heard again when that is back', async () => {
    await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open', { epoch: 5 });
    await broker.kill();
    await until('it is closed', async () => (await scripts.state()) === 'closed');
    await broker.restart();
    const count = monitor.reports.length;
    await until('a report', () => monitor.reports.length > count + 2);
    await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open', { epoch: 6 });
  });

  it('closes when it is told to end, says so, and ends well', async () => {
    await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open', { epoch: 7 });
    shutter.child.kill('SIGTERM');
    expect((await shutter.done).code).toBe(0);
    expect(await scripts.state()).toBe('closed');
    await until('the last report', () => monitor.last()?.observed === 'closed');
    expect(monitor.last()?.reason).toMatch(/was stopped/);
  });
});

describe('operando shutter --http', { timeout: 60_000 }, () => {
  it('opens on answered leases, closes on silence, and refuses who has no token', async () => {
    const scripts = await makeScripts();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const shutter = start(['shutter', '--http', String(port), '--token', 'secret', ...scripts.flags], scripts.folder);
    const monitor = makeMonitor(httpLink.create({ url, token: 'secret' }, { instrument: 'tem' }));
    const stranger = makeMonitor(httpLink.create({ url, token: 'guess' }, { instrument: 'tem' }));
    try {
      await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open');
      expect(await scripts.state()).toBe('open');
      await monitor.renewUntil('it stays open', () => monitor.reports.length > 20);
      await until('it is closed', () => monitor.last()?.observed === 'closed');
      expect(monitor.last()?.reason).toMatch(/ran out/);
      expect(stranger.states).toContain('down');
      expect(stranger.reports).toEqual([]);
      expect((await fetch(`${url}/report`)).status).toBe(401);
      const authorised = { authorization: 'Bearer secret' };
      expect((await fetch(`${url}/permit`, { method: 'POST', headers: authorised, body: '{}' })).status).toBe(400);
      expect(
        (await fetch(`${url}/permit`, { method: 'POST', headers: authorised, body: ' '.repeat(5000) })).status,
      ).toBe(400);
      expect((await fetch(`${url}/elsewhere`, { headers: authorised })).status).toBe(404);
      await monitor.renewUntil('it is open', () => monitor.last()?.observed === 'open', { epoch: 2 });
      monitor.send(monitor.permit({ epoch: 2, state: 'closed', reason: 'enough' }));
      await until('it is closed', () => monitor.last()?.observed === 'closed');
      expect(monitor.last()?.reason).toBe('enough');
    } finally {
      await monitor.end();
      await stranger.end();
      await endOf(shutter);
      await rm(scripts.folder, { recursive: true, force: true });
    }
  });

  it('is driven by a file, of which every problem is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'operando-shutter-'));
    try {
      const lines = [
        'instrument: tem',
        'link: { use: http, with: { port: 0, host: 0.0.0.0 } }',
        'device: { use: command, with: { open: "a \'b", close: x, drivee: once } }',
        'maxOpen: 8 hours',
      ];
      await writeFile(join(folder, 'shutter.yaml'), lines.join('\n'));
      const { code, err } = await operando(['shutter', 'shutter.yaml'], folder);
      expect(code).toBe(1);
      expect(err).toMatch(/:2:.*token/);
      expect(err).toMatch(/:3:.*quote/);
      expect(err).toMatch(/:3:.*did you mean "drive"/);
      expect(err).toMatch(/:4:.*as in '8 h'/);
      expect((await operando(['shutter', '--http', '0'], folder)).code).toBe(2);
      expect((await operando(['shutter', 'shutter.yaml', '--site', 'x'], folder)).code).toBe(2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
