import { createSocket } from 'node:dgram';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandWords } from '../../../adapters/actuators/commandWords.ts';
import command from '../../../adapters/actuators/devices/command.ts';
import datagram from '../../../adapters/actuators/devices/datagram.ts';
import http from '../../../adapters/actuators/devices/http.ts';
import mqttDevice from '../../../adapters/actuators/devices/mqtt.ts';
import { readBackState } from '../../../adapters/actuators/readBack.ts';
import type { ShutterDevice } from '../../../src/model/shutter.ts';
import { needs } from '../../support/requirement.ts';
import { findProgram, startMosquitto, until } from '../../support/servers.ts';

describe('the words of a command line', () => {
  it.each([
    ['caput BL7:shutter 1', ['caput', 'BL7:shutter', '1']],
    [`  a  'b c' "d 'e'" f\\ g `, ['a', 'b c', "d 'e'", 'f g']],
    [`a'b c'd ""`, ['ab cd', '']],
    [`a $HOME *.txt | rm -rf`, ['a', '$HOME', '*.txt', '|', 'rm', '-rf']],
    [`"a\\"b" 'c\\d'`, ['a"b', 'c\\d']],
  ])('of %j are split as a shell would, and nothing is expanded', (text, words) => {
    expect(commandWords(text)).toEqual(words);
  });

  it('of a quote that is not closed are refused', () => {
    expect(() => commandWords("a 'b")).toThrow(/quote ' is not closed/);
    expect(() => commandWords('a \\')).toThrow(/backslash/);
    expect(command.config.safeParse({ open: 'a "', close: 'b' }).success).toBe(false);
    expect(command.config.safeParse({ open: ' ', close: 'b' }).success).toBe(false);
  });
});

describe('a read-back', () => {
  const { isOpen, isClosed } = command.config.parse({ open: 'a', close: 'b' });
  it.each([
    ['open\n', 'open'],
    ['1.0', 'open'],
    [' OFF', 'closed'],
    ['closed', 'closed'],
    ['10', 'unknown'],
    ['', 'unknown'],
    ['opening', 'unknown'],
  ] as const)('of %j is %s', (text, state) => {
    expect(readBackState(text, { isOpen, isClosed })).toBe(state);
  });

  it('that says both is unknown, and a pattern that an empty answer fits is refused', () => {
    expect(readBackState('open closed', { isOpen: 'open', isClosed: 'closed' })).toBe('unknown');
    expect(command.config.safeParse({ open: 'a', close: 'b', isOpen: '.*' }).success).toBe(false);
    expect(command.config.safeParse({ open: 'a', close: 'b', isOpen: '(' }).success).toBe(false);
  });
});

describe('a shutter of programs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operando-device-'));
    await writeFile(join(folder, 'set'), '#!/bin/sh\nsleep "$2"\necho "$1" >> "$(dirname "$0")/calls"\n');
    await chmod(join(folder, 'set'), 0o755);
    await writeFile(join(folder, 'calls'), '');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n').filter(Boolean);
  const make = (more: object = {}): ShutterDevice =>
    command.create(
      command.config.parse({
        open: `${folder}/set open 0`,
        close: [`${folder}/set`, 'closed', '0'],
        read: `tail -n 1 ${folder}/calls`,
        timeoutMs: 5000,
        ...more,
      }),
    );

  it('is opened and closed by them, once each, and read', async () => {
    const device = make();
    expect(device.isReadBack).toBe(true);
    for (const state of ['closed', 'closed', 'open', 'open', 'closed'] as const) await device.drive(state);
    expect(await calls()).toEqual(['closed', 'open', 'closed']);
    expect(await device.read()).toBe('closed');
  });

  it('is told again when it is seen not to have obeyed', async () => {
    const device = make();
    await device.drive('closed');
    await writeFile(join(folder, 'calls'), 'open\n');
    expect(await device.read()).toBe('open');
    await device.drive('closed');
    expect(await calls()).toEqual(['open', 'closed']);
  });

  it('is driven every time where it is to be', async () => {
    const device = make({ drive: 'repeat' });
    for (const state of ['open', 'open', 'open'] as const) await device.drive(state);
    expect(await calls()).toEqual(['open', 'open', 'open']);
  });

  it('that is still opening is killed by the closing, with all it started', async () => {
    const device = make({ open: `${folder}/set open 1` });
    const opening = device.drive('open');
    const outcome = expect(opening).rejects.toThrow(/given up/);
    await device.drive('closed');
    await outcome;
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(await calls()).toEqual(['closed']);
  });

  it('tells programs that are not there, fail or take too long', async () => {
    await expect(make({ open: '/nowhere/tool' }).drive('open')).rejects.toThrow(/ENOENT/);
    await expect(make({ open: 'sh -c "echo no power >&2; exit 3"' }).drive('open')).rejects.toThrow(/3: no power/);
    await expect(make({ open: 'sleep 9', timeoutMs: 50 }).drive('open')).rejects.toThrow(/longer than 50 ms/);
  });

  it('without a program that reads is not read back', async () => {
    const device = make({ read: undefined });
    expect(device.isReadBack).toBe(false);
    expect(await device.read()).toBe('unknown');
  });
});

describe('a shutter over HTTP', () => {
  let server: Server;
  let url: string;
  let state = 'off';
  let hang = false;
  const seen: string[] = [];
  beforeEach(async () => {
    state = 'off';
    seen.length = 0;
    hang = false;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${body} ${request.headers.authorization ?? ''}`);
        if (hang && body === 'on') return;
        if (body === 'on' || body === 'off') state = body;
        response.writeHead(request.url === '/broken' ? 500 : 200).end(`{"relay":"${state}"}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const make = (more: object = {}): ShutterDevice =>
    http.create(
      http.config.parse({
        url: `${url}/relay`,
        open: 'on',
        close: 'off',
        read: `${url}/state`,
        isOpen: '"relay":"on"',
        isClosed: '"relay":"off"',
        token: 'abc',
        ...more,
      }),
    );

  it('is set by bodies and read by a pattern', async () => {
    const device = make();
    await device.drive('open');
    expect(await device.read()).toBe('open');
    await device.drive('closed');
    expect(await device.read()).toBe('closed');
    expect(seen[0]).toBe('PUT /relay on Bearer abc');
    expect(seen[1]).toBe('GET /state  Bearer abc');
  });

  it('that hangs while opening is closed all the same', async () => {
    hang = true;
    const device = make({ timeoutMs: 5000 });
    const outcome = expect(device.drive('open')).rejects.toThrow();
    await until('the request is there', () => seen.length === 1);
    await device.drive('closed');
    await outcome;
    expect(await device.read()).toBe('closed');
  });

  it('tells when it is refused', async () => {
    await expect(make({ url: `${url}/broken` }).drive('open')).rejects.toThrow(/answers 500/);
  });
});

describe('a relay over UDP', () => {
  it('hears the state with a count at every drive, and answers when it is read', async () => {
    const relay = createSocket('udp4');
    const heard: string[] = [];
    let state = 'closed';
    let isMute = false;
    relay.on('message', (bytes, from) => {
      const [word = '', number] = bytes.toString().split(' ');
      heard.push(bytes.toString());
      if (word !== 'read') state = word;
      else if (!isMute) relay.send(`${state} ${number}`, from.port, from.address);
    });
    await new Promise<void>((resolve) => relay.bind(0, '127.0.0.1', resolve));
    const device = datagram.create(datagram.config.parse({ port: relay.address().port, timeoutMs: 2000 }));
    await device.drive('closed');
    expect(await device.read()).toBe('closed');
    await device.drive('open');
    expect(await device.read()).toBe('open');
    await until('all is heard', () => heard.length === 4);
    expect(heard).toEqual(['closed 1', 'read 2', 'open 3', 'read 4']);
    isMute = true;
    expect(await device.read()).toBe('unknown');
    await device.close();
    await new Promise<void>((resolve) => relay.close(() => resolve()));
  });

  it('that is not there is told of', async () => {
    const device = datagram.create(datagram.config.parse({ port: 1, timeoutMs: 20 }));
    await expect(
      (async () => {
        for (let i = 0; i < 20; i++) {
          await device.drive('closed');
          await device.read();
        }
      })(),
    ).rejects.toThrow(/no relay at 127.0.0.1:1/);
    await device.close();
  });

  it('does not keep an opening for later', async () => {
    const device = datagram.create(datagram.config.parse({ port: 9 }));
    await expect(device.drive('open')).rejects.toThrow(/not found yet/);
    await device.close();
  });
});

const hasBroker = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);

describe.skipIf(!hasBroker)('a relay on a topic', { timeout: 30_000 }, () => {
  it('is set and read by payloads, and not known while the link is down', async () => {
    const broker = await startMosquitto();
    const { default: mqtt } = await import('mqtt');
    const relay = await mqtt.connectAsync(broker.url);
    relay.on('message', (_, bytes) => void relay.publish('relay/state', bytes, { retain: true }));
    await relay.subscribeAsync('relay/set');
    const settings = { url: broker.url, topic: 'relay/set', open: 'on', close: 'off', read: 'relay/state' };
    const device = mqttDevice.create(mqttDevice.config.parse(settings));
    try {
      const drive = (state: 'open' | 'closed') =>
        device.drive(state).then(
          () => true,
          () => false,
        );
      await until('the link is up', () => drive('closed'));
      await until('it is closed', async () => (await device.read()) === 'closed');
      await device.drive('open');
      await until('it is open', async () => (await device.read()) === 'open');
      await broker.kill();
      await until('the loss is seen', async () => !(await drive('open')));
      expect(await device.read()).toBe('unknown');
    } finally {
      await device.close();
      await relay.endAsync(true);
      await broker.stop();
    }
  });
});
