import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Publisher, Push } from 'zeromq';
import cbor from '../../../adapters/codecs/cbor.ts';
import dectris from '../../../adapters/codecs/dectris.ts';
import { joinCodec } from '../../../adapters/joinCodec.ts';
import zmq from '../../../adapters/transports/zmq.ts';
import type { Codec } from '../../../src/model/adapter.ts';
import { encodeFrameCbor, encodeLayoutCbor, encodeSlowCbor } from '../../../src/wire/frameCbor.ts';
import { layoutIdOf } from '../../../src/wire/layoutId.ts';
import { endV1, endV2, imageV1, imageV2, matrix, SERIES_START_US, startV1, startV2 } from '../../support/dectris.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';
import { lz4Block } from '../../support/packing.ts';
import { root } from '../../support/operando.ts';
import { freePort, until } from '../../support/servers.ts';
import { createCollector, settingOf } from '../collect.ts';

const layout = channelLayout(64);
const layoutBytes = encodeLayoutCbor(layout, 's');
const frameBytes = (seq: number): Uint8Array =>
  encodeFrameCbor(testFrame(layout, seq, new Float64Array(64).fill(seq)), layoutIdOf(layout));
const slowBytes = encodeSlowCbor({ type: 'slow', name: 'temperature', timeUs: 5e12, value: 300, unit: 'K' });
const ourCodec = (): Codec => cbor.create(cbor.config.parse({}), settingOf('/'));
const dectrisCodec = (): Codec => dectris.create(dectris.config.parse({}), settingOf('/'));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
const freeAddress = async (): Promise<string> => `tcp://127.0.0.1:${await freePort()}`;

/** Runs the transport until the test is over. */
function start(settings: object, codec = ourCodec()) {
  const transport = zmq.create(zmq.config.parse(settings), settingOf('/'));
  const collector = createCollector();
  const running = joinCodec(transport, codec, { firstMs: 20, longestMs: 50 }).run(collector.outlet, collector.signal);
  const stop = async (): Promise<void> => {
    collector.abort();
    await running;
  };
  cleanups.push(stop);
  return { ...collector.collected, stop };
}
const isUp = (reports: readonly string[]) => () => reports.at(-1) === 'ok: ';
async function bound<Socket extends Publisher | Push>(socket: Socket, address: string): Promise<Socket> {
  cleanups.push(() => socket.close());
  await socket.bind(address);
  return socket;
}

describe('the zmq transport', () => {
  it('subscribes to a publisher that is absent at first, and comes back after a loss', async () => {
    const address = await freeAddress();
    const got = start({ connect: address });
    await until('the absence is told', () => got.reports.some((report) => report.startsWith('down')));
    for (const round of [1, 2]) {
      const publisher = await bound(new Publisher(), address);
      // A publisher knows of a subscription only a moment after the link is up.
      await until('the frame', async () => {
        for (const bytes of [layoutBytes, frameBytes(round)]) await publisher.send(bytes);
        return got.frames.some(({ seq }) => seq === round);
      });
      expect(got.reports.at(-1)).toBe('ok: ');
      publisher.close();
      await until('the loss is told', () => got.reports.at(-1)!.startsWith('down'));
    }
    expect(got.reports.filter((report) => report.startsWith('down'))).toHaveLength(3);
    expect(got.rejections).toEqual([]);
  });

  it('takes the topics it wants, as a part of their own', async () => {
    const address = await freeAddress();
    const publisher = await bound(new Publisher(), address);
    const got = start({ connect: address, topics: ['layouts', 'frames/s'] });
    await until('frames', async () => {
      await publisher.send(['frames/other', 'garbage']);
      await publisher.send(['layouts/s', layoutBytes]);
      await publisher.send(['frames/s', frameBytes(1)]);
      return got.frames.length > 0;
    });
    expect(got.rejections).toEqual([]);
  });

  it('takes what several instruments push to its address, in order and without a loss', async () => {
    const address = await freeAddress();
    const got = start({ bind: address, socket: 'pull' });
    await until('it waits', () => got.reports.at(-1)!.includes('waiting for a sender'));
    const [first, second] = [new Push(), new Push()];
    for (const socket of [first, second]) {
      cleanups.push(() => socket.close());
      socket.connect(address);
    }
    await first.send(layoutBytes);
    for (let seq = 0; seq < 500; seq++) await first.send(frameBytes(seq));
    await second.send(slowBytes);
    await until('all', () => got.frames.length === 500 && got.slow.length === 1);
    expect(got.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    first.close();
    expect(isUp(got.reports)()).toBe(true);
    second.close();
    await until('their leaving is told', () => got.reports.at(-1)!.includes('waiting for a sender'));
  });

  it('counts nobody who speaks no ZeroMQ as a sender', async () => {
    const port = await freePort();
    const got = start({ bind: `tcp://127.0.0.1:${port}`, socket: 'pull' });
    await until('it waits', () => got.reports.at(-1)!.includes('waiting for a sender'));
    const push = new Push();
    cleanups.push(() => push.close());
    push.connect(`tcp://127.0.0.1:${port}`);
    await until('it is up', isUp(got.reports));
    const stranger = connectTcp(port, '127.0.0.1', () => void stranger.end('GET / HTTP/1.1'));
    stranger.on('error', () => undefined).resume();
    await once(stranger, 'close');
    await push.send(layoutBytes);
    await push.send(frameBytes(1));
    await until('the frame', () => got.frames.length === 1);
    expect(isUp(got.reports)()).toBe(true);
  });

  it('ends the link of who sends too much, and goes on with the others', async () => {
    const address = await freeAddress();
    const got = start({ bind: address, socket: 'pull', maxBytes: 4096 });
    await until('it waits', () => got.reports.at(-1)!.includes('waiting for a sender'));
    const [greedy, modest] = [new Push({ linger: 0 }), new Push()];
    for (const socket of [greedy, modest]) {
      cleanups.push(() => socket.close());
      socket.connect(address);
    }
    await greedy.send(new Uint8Array(5000));
    await modest.send(layoutBytes);
    await modest.send(frameBytes(1));
    await until('the frame', () => got.frames.length === 1);
    expect(got.rejections).toEqual([]);
  });

  it('frees its address when it ends, and waits for one that is taken', async () => {
    const address = await freeAddress();
    const first = start({ bind: address, socket: 'pull' });
    await until('it waits', () => first.reports.at(-1)!.includes('waiting for a sender'));
    const second = start({ bind: address, socket: 'pull' });
    await until('it is told', () => second.reports.some((report) => report.startsWith('down')));
    await first.stop();
    await until('the second waits', () => second.reports.at(-1)!.includes('waiting for a sender'));
  });

  it('ends at once when it was aborted before it began', async () => {
    const transport = zmq.create(zmq.config.parse({ connect: await freeAddress() }), settingOf('/'));
    const outlet = { next: () => undefined, report: () => undefined };
    await expect(transport.run(outlet, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('has settings that say one way, and do not let everyone send unasked', () => {
    const isGood = (settings: object): boolean => zmq.config.safeParse(settings).success;
    expect(isGood({ connect: ['tcp://a:1', 'ipc:///tmp/b'] })).toBe(true);
    expect(isGood({ connect: 'http://a:1' })).toBe(false);
    expect(isGood({ connect: 'tcp://a:1', bind: 'tcp://127.0.0.1:1' })).toBe(false);
    expect(isGood({ bind: 'tcp://127.0.0.1:5555' })).toBe(true);
    expect(isGood({ bind: 'tcp://*:5555' })).toBe(false);
    expect(isGood({ bind: 'tcp://*:5555', anyone: true })).toBe(true);
  });
});

describe('a detector in a process of its own', () => {
  const pixels = Uint32Array.from({ length: 64 * 16 }, (_, i) => i % 64);
  const image = { width: 64, height: 16, pixels };
  const sums = Array.from({ length: 64 }, (_, x) => 16 * x);

  async function push(messages: readonly Uint8Array[][]) {
    const address = await freeAddress();
    const got = start({ connect: address, socket: 'pull' }, dectrisCodec());
    const child = spawn(process.execPath, [join(root, 'test/support/zmqSender.mjs'), address], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    cleanups.push(() => child.kill('SIGKILL'));
    const lines = messages.map((parts) => JSON.stringify(parts.map((part) => Buffer.from(part).toString('base64'))));
    child.stdin.end(lines.join('\n'));
    return got;
  }

  it.each(['none', 'lz4', 'bslz4'] as const)('streams V2, packing %s', async (packing) => {
    const images = Array.from({ length: 50 }, (_, i) => imageV2(i, { threshold_1: matrix(image, packing) }));
    const got = await push([startV2(), ...images, endV2()].map((message) => [message]));
    await until('all', () => got.frames.length === 50);
    expect(got.rejections).toEqual([]);
    expect(got.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(got.frames[49]!.timeUs).toBe(SERIES_START_US + 490_000);
    expect([...got.frames[49]!.values]).toEqual(sums);
  });

  it('streams V1, in several parts', async () => {
    const images = Array.from({ length: 20 }, (_, i) => imageV1(3, i, image, 'lz4<', lz4Block));
    const got = await push([startV1(3, {}), ...images, endV1(3)]);
    await until('all', () => got.frames.length === 20);
    expect(got.rejections).toEqual([]);
    expect([...got.frames[19]!.values]).toEqual(sums);
  });
});
