import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { main } from '../../../src/app/cli.ts';
import commandSink from '../../../src/sinks/command.ts';
import emailSink from '../../../src/sinks/email.ts';
import { createRateLimit } from '../../../src/sinks/notify/rateLimit.ts';
import type { AlarmStep } from '../../../src/model/alarm.ts';
import type { Alert } from '../../../src/model/alert.ts';
import webhookSink from '../../../src/sinks/webhook.ts';
import { startHookServer, type HookServer } from '../../support/hookServer.ts';
import { freePort, until } from '../../support/servers.ts';
import { startSmtpServer } from '../../support/smtpServer.ts';
import { alertAt, listeningSetting } from '../signals.ts';

type Message = { subject: string; id: string; alerts: { seq: number }[]; moreCount: number; isTest: boolean };

let directory = '';
let hook: HookServer;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'operando-notify-'));
  hook = await startHookServer();
});
afterEach(async () => {
  await hook.stop();
  rmSync(directory, { recursive: true, force: true });
});
const messages = (): Message[] => hook.posts.map(({ body }) => JSON.parse(body) as Message);

function openHook(settings: Partial<z.input<typeof webhookSink.config>> = {}) {
  const listening = listeningSetting(directory);
  const config = webhookSink.config.parse({ url: hook.url, groupFor: '30 ms', ...settings });
  return { sink: webhookSink.create(config, listening.setting), ...listening };
}

describe('a webhook', () => {
  it('tells what comes together in one message, the worst first in its subject', async () => {
    const { sink } = openHook();
    sink.write(alertAt(1), 'a');
    sink.write(alertAt(2, { message: 'Second', severity: 'warning' }), 'a');
    sink.write(alertAt(3, { severity: 'notice' }), 'a');
    sink.write(alertAt(4, { phase: 'updated' }), 'a');
    await until('it is posted', () => hook.posts.length > 0);
    const [message] = messages();
    expect(message!.alerts.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(message!.subject).toBe('lab-3: WARNING A "new" line at 24.3 deg, 12.5 sigma and 1 more');
    await sink.close();
    expect(hook.posts).toHaveLength(1);
  });

  it('tells nobody of an alarm that is shelved or suppressed, and tells it again when it comes off the shelf', async () => {
    const { sink } = openHook({ groupFor: '1 ms', phases: ['raised', 'cleared'] });
    let step = 0;
    const note = (event: AlarmStep['event'], state: AlarmStep['alarm']['state'], alert: Alert) =>
      sink.note?.({
        ...{ type: 'alarm', step: ++step, timeUs: alert.timeUs, event },
        alarm: {
          ...{ id: alert.id, alert, severity: alert.severity, state, isActive: alert.phase !== 'cleared' },
          ...{ raisedUs: 0, clearedUs: null, count: 1, acknowledged: null, shelf: null },
        },
      });
    const shelved = alertAt(1, { id: 'shelved' });
    const hidden = alertAt(2, { id: 'hidden' });
    sink.write(shelved, 'a');
    note('raised', 'shelved', shelved);
    sink.write(hidden, 'a');
    note('raised', 'suppressed', hidden);
    sink.write({ ...hidden, seq: 3, phase: 'cleared' }, 'a');
    note('cleared', 'normal', { ...hidden, seq: 3, phase: 'cleared' });
    const plain = alertAt(4, { id: 'plain' });
    sink.write(plain, 'a');
    note('raised', 'unacknowledged', plain);
    await until('the plain one', () => hook.posts.length === 1);
    note('expired', 'unacknowledged', shelved);
    await until('the one off the shelf', () => hook.posts.length === 2);
    sink.write({ ...shelved, seq: 5, phase: 'cleared' }, 'a');
    note('cleared', 'returned', { ...shelved, seq: 5, phase: 'cleared' });
    await sink.close();
    expect(messages().map(({ alerts }) => alerts.map(({ seq }) => seq))).toEqual([[4], [1], [5]]);
  });

  it('signs its messages, with the time, and never shows the secret', async () => {
    const secret = 'a secret of enough letters';
    const { sink, reports } = openHook({ secret });
    sink.write(alertAt(1), 'a');
    await until('it is posted', () => hook.posts.length > 0);
    const { headers, body } = hook.posts[0]!;
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-operando-signature']))!;
    expect(signature).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
    await sink.close();
    expect(JSON.stringify([reports, hook.posts])).not.toContain(secret);
  });

  it('sends no more messages than its limit, and tells in the next what waited, while critical ones go through', async () => {
    const { sink } = openHook({ groupFor: '1 ms', atMost: { messages: 2, per: '2 s' }, listed: 3 });
    for (let seq = 0; seq < 2; seq++) {
      sink.write(alertAt(seq), 'a');
      await until(`message ${seq}`, () => hook.posts.length > seq);
    }
    for (let seq = 2; seq < 12; seq++) sink.write(alertAt(seq), 'a');
    sink.write(alertAt(50, { severity: 'critical' }), 'a');
    await until('the critical one is there', () => hook.posts.length === 3);
    expect(messages()[2]!.alerts[0]!.seq).toBe(50);
    await until('the others are there', () => messages().flatMap(({ alerts }) => alerts).length >= 2 + 1 + 3);
    const told = messages().reduce((sum, { alerts, moreCount }) => sum + alerts.length + moreCount, 0);
    await sink.close();
    const all = messages().reduce((sum, { alerts, moreCount }) => sum + alerts.length + moreCount, 0);
    expect(all).toBe(13);
    expect(told).toBeGreaterThan(6);
  });

  it('tries again after an error with the same id, and gives up what is refused for good, counted', async () => {
    const { sink, dropped, reports } = openHook({ groupFor: '1 ms' });
    hook.answers.push({ status: 500 });
    sink.write(alertAt(1), 'a');
    await until('it is posted', () => hook.posts.length === 1);
    expect(reports.some(({ state, detail }) => state === 'down' && /Webhook unreachable.*500/.test(detail))).toBe(true);
    hook.answers.push({ status: 404 });
    sink.write(alertAt(2), 'a');
    await until('it is refused', () => dropped.refused === 1);
    await sink.close();
  });

  it('waits as long as it is asked to', async () => {
    const { sink, reports } = openHook({ groupFor: '1 ms' });
    hook.answers.push({ status: 429, retryAfter: 1 });
    sink.write(alertAt(1), 'a');
    await until('it is posted', () => hook.posts.length === 1);
    expect(reports.some(({ detail }) => detail.includes('asks for patience'))).toBe(true);
    await sink.close();
  });

  it('delivers in the next run what this one could not', async () => {
    const away = `http://127.0.0.1:${await freePort()}/`;
    const first = openHook({ url: away, groupFor: '1 ms' });
    first.sink.write(alertAt(7), 'a');
    await first.sink.flush();
    await until('it is told', () => first.lastState() === 'down');
    await first.sink.close();
    const second = openHook();
    await until('it is posted', () => hook.posts.length === 1);
    expect(messages()[0]!.alerts[0]!.seq).toBe(7);
    await second.sink.close();
  });

  it('gives up an attempt that gets no answer', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const { sink, lastState, reports } = openHook({
      url,
      groupFor: '1 ms',
      timeout: '100 ms',
      spool: false,
      flushWithin: '200 ms',
    });
    sink.write(alertAt(1), 'a');
    await until('it is told', () => lastState() === 'down');
    expect(reports.at(-1)!.detail).toContain('no answer within 100 ms');
    await sink.close();
    silent.close();
  });
});

describe('an e-mail', () => {
  it('goes to everybody, with a line per alert, after logging in', async () => {
    const server = await startSmtpServer();
    const listening = listeningSetting(directory);
    const settings = {
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      username: 'me',
      password: 'open sesame',
    };
    const people = { from: 'operando@example.org', to: ['a@example.org', 'b@example.org'] };
    const sink = emailSink.create(
      emailSink.config.parse({ ...settings, ...people, groupFor: '20 ms' }),
      listening.setting,
    );
    sink.write(alertAt(1, { severity: 'critical', message: 'Beam damage at 10 %' }), 'a');
    sink.write(alertAt(2, { severity: 'critical' }), 'a');
    await until('it is there', () => server.messages.length === 1);
    const [text] = server.messages;
    expect(text).toMatch(/^Subject: lab-3: CRITICAL Beam damage at 10 % and 1 more/m);
    expect(text).toMatch(/^To: a@example.org, b@example.org/m);
    expect(text).toContain('12:00:00.100Z');
    expect(server.logins).toEqual(['me open sesame']);
    server.answers.push('550 5.1.1 nobody here', '550 5.1.1 nobody here');
    sink.write(alertAt(3, { severity: 'critical' }), 'a');
    await until('it is refused', () => listening.dropped.refused === 1);
    await sink.close();
    expect(JSON.stringify(listening.reports)).not.toContain('sesame');
    await server.stop();
  });

  it('is not sent over an open line when the server cannot do otherwise', async () => {
    const server = await startSmtpServer();
    const config = emailSink.config.parse({
      host: '127.0.0.1',
      port: server.port,
      from: 'operando@example.org',
      to: ['a@example.org'],
    });
    await expect(emailSink.test!(config, { run: 'r', instrument: 'i', modality: 'm' })).rejects.toThrow(/STARTTLS|TLS/);
    expect(server.messages).toEqual([]);
    await server.stop();
  });
});

describe('a command', () => {
  it('that fails again and again is given up, and what it said is told', async () => {
    const listening = listeningSetting(directory);
    const program = "console.error('no pager here'); process.exit(3)";
    const config = commandSink.config.parse({
      program: process.execPath,
      arguments: ['-e', program],
      groupFor: '1 ms',
      attempts: 2,
    });
    const sink = commandSink.create(config, listening.setting);
    sink.write(alertAt(1), 'a');
    await until('it is given up', () => listening.dropped.failed === 1);
    expect(listening.reports.some(({ detail }) => /ended with 3: no pager here/.test(detail))).toBe(true);
    await sink.close();
  });

  it('that hangs is killed', async () => {
    const config = commandSink.config.parse({
      program: process.execPath,
      arguments: ['-e', 'setInterval(() => {}, 1000)'],
      timeout: '200 ms',
    });
    await expect(commandSink.test!(config, { run: 'r', instrument: 'i', modality: 'm' })).rejects.toThrow(
      /longer than 200 ms/,
    );
  });
});

it('never allows more events within a span than its limit, and delays none that may go', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (gaps, most) => {
      const limit = createRateLimit(most, 100);
      const events: number[] = [];
      let nowMs = 0;
      for (const gap of gaps) {
        nowMs += gap;
        const inSpan = events.filter((at) => at > nowMs - 100).length;
        expect(limit.waitMs(nowMs) <= 0).toBe(inSpan < most);
        if (limit.waitMs(nowMs) > 0) continue;
        limit.note(nowMs);
        events.push(nowMs);
      }
    }),
  );
});

it('operando notify sends a test message and prints the answer', async () => {
  const file = join(directory, 'run.yaml');
  writeFileSync(
    file,
    `version: 1
instrument: xrd-7
streams: { xrd: { source: { use: simulator, with: { scenario: 'xrd-heating:steady' } }, noise: poisson, framePeriodMs: 100 } }
pipeline:
  - { id: change, from: xrd, use: change.step, with: { learn: 20 } }
  - { id: alarm, from: change, use: alert.hysteresis, with: { what: Spectrum, severity: warning, clearAfter: 5 } }
sinks:
  - { id: pager, from: alarm, use: webhook, with: { url: '${hook.url}' } }
  - { id: nobody, from: alarm, use: command, with: { program: /nowhere/nobody } }
`,
  );
  const said: string[] = [];
  const console = {
    out: (line: string) => said.push(line),
    err: (line: string) => said.push(line),
    progress: () => undefined,
  };
  expect(await main(['notify', file, '--sink', 'pager'], console as never)).toBe(0);
  expect(said).toEqual([`pager (webhook): ${hook.url} answered: 200 heard`]);
  expect(messages()[0]).toMatchObject({ isTest: true, subject: 'xrd-7: test message' });
  expect(await main(['notify', file], console as never)).toBe(1);
  expect(said.at(-1)).toMatch(/^nobody \(command\): not sent: .*ENOENT/);
});
