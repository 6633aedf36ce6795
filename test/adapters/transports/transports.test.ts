import { setTimeout as pause } from 'node:timers/promises';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import cbor from '../../../adapters/codecs/cbor.ts';
import json from '../../../adapters/codecs/json.ts';
import { joinCodec } from '../../../adapters/joinCodec.ts';
import { memoryChannel } from '../../../adapters/memoryChannel.ts';
import memory from '../../../adapters/transports/memory.ts';
import mqttTransport from '../../../adapters/transports/mqtt.ts';
import websocket from '../../../adapters/transports/websocket.ts';
import type { Adapter, Transport } from '../../../src/model/adapter.ts';
import { encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor } from '../../../src/wire/frameCbor.ts';
import { encodeFrameJson, encodeLayoutJson } from '../../../src/wire/frameJson.ts';
import { layoutIdOf } from '../../../src/wire/layoutId.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';
import { needs } from '../../support/requirement.ts';
import { findProgram, freePort, startAedes, startMosquitto, until } from '../../support/servers.ts';
import type { TestServer } from '../../support/servers.ts';
import { createCollector, settingOf } from '../collect.ts';

const layout = channelLayout(64);
const frameBytes = (seq: number): Uint8Array =>
  encodeFrameCbor(testFrame(layout, seq, new Float64Array(64).fill(seq)), layoutIdOf(layout));
const layoutBytes = encodeLayoutCbor(layout, 's');
const slowBytes = encodeSlowCbor({ type: 'slow', name: 'temperature', timeUs: 5e12, value: 300, unit: 'K' });
const setting = settingOf('/', { stream: 's' });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Runs an adapter until the test is over. */
function start(adapter: Adapter) {
  const collector = createCollector();
  const running = adapter.run(collector.outlet, collector.signal);
  cleanups.push(async () => {
    collector.abort();
    await running;
  });
  return { ...collector.collected, stop: collector.abort, running };
}
const startWith = (transport: Transport) =>
  start(joinCodec(transport, cbor.create(cbor.config.parse({}), setting), { firstMs: 20, longestMs: 50 }));
const isUp = (reports: readonly string[]) => () => reports.at(-1) === 'ok: ';

describe('the memory transport', () => {
  it('hands on packets until it is ended', async () => {
    const got = startWith(memory.create({ channel: 'here' }, setting));
    for (const bytes of [layoutBytes, frameBytes(1), slowBytes]) memoryChannel('here').send('x', bytes);
    memoryChannel('here').end();
    await got.running;
    expect([got.frames.length, got.slow.length]).toEqual([1, 1]);
    expect(memoryChannel('here').listenerCount).toBe(0);
  });
});

describe('the websocket transport as a client', () => {
  it('takes frames from a server, waits for one that is absent, and comes back after a loss', async () => {
    const port = await freePort();
    const got = startWith(websocket.create(websocket.config.parse({ url: `ws://127.0.0.1:${port}/frames` }), setting));
    await until('the absence is reported', () => got.reports.some((report) => report.startsWith('down')));
    for (const seq of [1, 2]) {
      const server = new WebSocketServer({ host: '127.0.0.1', port });
      server.on('connection', (client) => {
        client.send(layoutBytes);
        client.send(frameBytes(seq));
      });
      await until('the frame', () => got.frames.length === seq);
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    }
    await until('the loss is reported', () => got.reports.at(-1)!.startsWith('down'));
    expect(got.frames.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(got.frames[1]!.values[5]).toBe(2);
  });
});

describe('the websocket transport as a server', () => {
  const listening = async (more: object = {}, token?: string) => {
    const port = await freePort();
    const got = startWith(
      websocket.create(websocket.config.parse({ listen: { port, ...more }, ...(token ? { token } : {}) }), setting),
    );
    await until('it listens', () => got.reports.some((report) => report.includes('waiting for an instrument')));
    return { got, url: `ws://127.0.0.1:${port}` };
  };
  /** The code of the refusal, or 'open'. */
  const tryToOpen = (url: string, options: object = {}): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, options);
      socket.on('open', () => {
        resolve('open');
        socket.close();
      });
      socket.on('error', (error) => resolve(error.message.replace(/\D+/g, '')));
    });

  it('takes what an instrument pushes, and says when nobody is left', async () => {
    const { got, url } = await listening();
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.once('open', resolve));
    for (const bytes of [layoutBytes, frameBytes(1), frameBytes(2)]) socket.send(bytes);
    await until('two frames', () => got.frames.length === 2);
    expect(got.reports.at(-1)).toBe('ok: ');
    socket.close();
    await until('its leaving is told', () => got.reports.at(-1)!.startsWith('connecting'));
  });

  it('ends the link of who sends too much, and goes on', async () => {
    const port = await freePort();
    const got = startWith(websocket.create(websocket.config.parse({ listen: { port }, maxBytes: 4096 }), setting));
    await until('it listens', () => got.reports.some((report) => report.includes('waiting for an instrument')));
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send(new Uint8Array(5000)));
    expect(await closed).toBe(1009);
    expect(await tryToOpen(`ws://127.0.0.1:${port}`)).toBe('open');
  });

  it('makes an instrument wait while the stream is full, tells it, and loses nothing', async () => {
    const port = await freePort();
    const transport = websocket.create(websocket.config.parse({ listen: { port }, holdBack: true }), setting);
    let makeRoom = (): void => undefined;
    let count = 0;
    const reports: string[] = [];
    const abort = new AbortController();
    const running = transport.run(
      {
        next: () => void count++,
        room: () => (count % 100 === 99 ? new Promise((resolve) => (makeRoom = resolve)) : null),
        report: ({ detail }) => void reports.push(detail),
      },
      abort.signal,
    );
    cleanups.push(() => (abort.abort(), running));
    await until('it listens', () => reports.length > 0);
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await new Promise((resolve) => socket.once('open', resolve));
    const sent = 400;
    for (let k = 0; k < sent; k++) socket.send(new Uint8Array(65_536));
    await until('it waits', () => reports.at(-1)!.includes('has to wait'));
    // Megabytes are on their way, more than the sockets hold between them.
    await pause(300);
    expect(count).toBeLessThan(sent);
    expect(socket.bufferedAmount).toBeGreaterThan(0);
    await until('all came', () => {
      makeRoom();
      return count === sent;
    });
    await until('it waits no longer', () => reports.at(-1) === '');
  });

  it('refuses web pages from elsewhere and foreign names of this machine', async () => {
    const { url } = await listening({ origins: ['https://lab.example'] });
    expect(await tryToOpen(url)).toBe('open');
    expect(await tryToOpen(url, { origin: 'https://evil.example' })).toBe('403');
    expect(await tryToOpen(url, { origin: 'https://lab.example' })).toBe('open');
    expect(await tryToOpen(url, { headers: { host: 'rebound.example' } })).toBe('403');
  });

  it('asks for its token', async () => {
    const { url } = await listening({}, 'secret');
    expect(await tryToOpen(url)).toBe('401');
    expect(await tryToOpen(`${url}/?token=wrong`)).toBe('401');
    expect(await tryToOpen(`${url}/?token=secret`)).toBe('open');
    expect(await tryToOpen(url, { headers: { authorization: 'Bearer secret' } })).toBe('open');
  });

  it('does not listen to other machines without a token', () => {
    const parsed = websocket.config.safeParse({ listen: { port: 9000, host: '0.0.0.0' } });
    expect(parsed.error?.issues[0]?.message).toContain('needs a token');
    expect(websocket.config.safeParse({ url: 'ws://a', listen: { port: 9000 } }).success).toBe(false);
  });
});

const hasMosquitto = needs('servers', 'mosquitto', findProgram('mosquitto') !== null);
describe.each([
  ['aedes', true, startAedes, 'auto'],
  ['mosquitto', hasMosquitto, startMosquitto, '5'],
  ['mosquitto', hasMosquitto, startMosquitto, '3.1.1'],
] as const)('the mqtt transport with %s', (_, isThere, startBroker, version) => {
  const root = 'operando/v1/lab/xrd';
  const subscription = (url: string) =>
    mqttTransport.create(
      mqttTransport.config.parse({ url, version, operando: { site: 'lab', instrument: 'xrd' } }),
      setting,
    );
  const publisher = async (server: TestServer) => {
    const client = await mqtt.connectAsync(server.url, { reconnectPeriod: 0 });
    cleanups.push(() => client.endAsync(true));
    return async (topic: string, bytes: Uint8Array, retain = false) => {
      await client.publishAsync(`${root}/${topic}`, Buffer.from(bytes), { qos: 1, retain });
    };
  };

  it.skipIf(!isThere)(`gets a retained layout, frames and slow signals (version ${version})`, async () => {
    const server = await startBroker();
    cleanups.push(() => server.stop());
    const publish = await publisher(server);
    await publish('layouts/s', layoutBytes, true);
    const got = startWith(subscription(server.url));
    await until('it is up', isUp(got.reports));
    for (let seq = 0; seq < 20; seq++) await publish('frames/s', frameBytes(seq));
    await publish('signals/potential', new TextEncoder().encode('garbage'));
    await publish('signals/temperature', slowBytes);
    await until('the slow signal', () => got.slow.length === 1);
    expect(got.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(got.rejections).toMatchObject([{ reason: expect.stringMatching(/garbage|truncated/) as string }]);
  });

  it.skipIf(!isThere)(
    `outlives a broker that is absent at the start and killed in between (version ${version})`,
    async () => {
      const server = await startBroker();
      cleanups.push(() => server.stop());
      await server.kill();
      const got = startWith(subscription(server.url));
      await until('the absence is reported', () => got.reports.some((report) => report.startsWith('down')));
      for (const seq of [1, 2]) {
        await server.restart();
        await until('it is up', isUp(got.reports));
        const publish = await publisher(server);
        await publish('layouts/s', layoutBytes, true);
        await publish('frames/s', frameBytes(seq));
        await until('the frame', () => got.frames.length === seq);
        await server.kill();
        await until(
          'the loss is reported',
          () => got.reports.at(-1)!.startsWith('down') || got.reports.at(-1)!.startsWith('connecting'),
        );
      }
      expect(got.frames.map(({ seq }) => seq)).toEqual([1, 2]);
    },
  );
});

describe('a transport joined with the json codec', () => {
  it('carries the same frames', async () => {
    const got = start(
      joinCodec(memory.create({ channel: 'json' }, setting), json.create(json.config.parse({}), setting)),
    );
    const wire = memoryChannel('json');
    wire.send('x', encodeLayoutJson(layout, 's'));
    wire.send('x', encodeFrameJson(testFrame(layout, 3, new Float64Array(64).fill(9)), layoutIdOf(layout)));
    expect(got.frames.map(({ seq, values }) => [seq, values[63]])).toEqual([[3, 9]]);
  });
});

describe('the mqtt settings', () => {
  it('refuse a shared subscription, and topics with a wildcard in a level', () => {
    expect(mqttTransport.config.safeParse({ url: 'mqtt://a', topics: ['$share/x/frames'] }).success).toBe(false);
    const operando = { site: '+', instrument: 'a' };
    expect(mqttTransport.config.safeParse({ url: 'mqtt://a', operando }).success).toBe(false);
    expect(mqttTransport.config.safeParse({ url: 'mqtt://a' }).success).toBe(false);
  });

  it('a run that is aborted before it begins ends', async () => {
    const abort = AbortSignal.abort();
    const { outlet } = createCollector();
    const adapters = [
      mqttTransport.create(mqttTransport.config.parse({ url: 'mqtt://127.0.0.1:1', topics: ['a'] }), setting),
      websocket.create(websocket.config.parse({ url: 'ws://127.0.0.1:1' }), setting),
    ].map((transport) => joinCodec(transport, cbor.create(cbor.config.parse({}), setting)));
    await expect(
      Promise.race([Promise.all(adapters.map((a) => a.run(outlet, abort))), pause(5000, 'late')]),
    ).resolves.not.toBe('late');
  });
});
