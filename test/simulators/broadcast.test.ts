import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import cbor from '../../adapters/codecs/cbor.ts';
import { joinCodec } from '../../adapters/joinCodec.ts';
import mqtt from '../../adapters/transports/mqtt.ts';
import websocket from '../../adapters/transports/websocket.ts';
import zmq from '../../adapters/transports/zmq.ts';
import type { Transport } from '../../src/model/adapter.ts';
import { cloneFrame } from '../../src/model/frame.ts';
import { broadcast } from '../../simulators/broadcast.ts';
import { createSimulator } from '../../simulators/createSimulator.ts';
import { createCollector, settingOf } from '../adapters/collect.ts';
import { freePort, startAedes, until } from '../support/servers.ts';

const NAME = 'xrd-heating:event-in-drift';
const OPTIONS = { seed: 3, framesPerSecond: 100, channels: 128, slowPeriodUs: 20_000 };
const setting = settingOf('/', { stream: 'xrd' });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function listenWith(transport: Transport) {
  const collector = createCollector();
  const adapter = joinCodec(transport, cbor.create(cbor.config.parse({}), setting), { firstMs: 10, longestMs: 20 });
  const running = adapter.run(collector.outlet, collector.signal);
  cleanups.push(async () => {
    collector.abort();
    await running;
  });
  return collector.collected;
}

/** Plays until aborted; what was said tells where. */
function play(where: { mqttUrl?: string; webSocketPort?: number; zmq?: { address: string; isPushed: boolean } }) {
  const abort = new AbortController();
  const said: string[] = [];
  const startUs = Date.now() * 1000;
  const playing = broadcast(createSimulator(NAME, { ...OPTIONS, startUs }), {
    frames: Infinity,
    mqttUrl: null,
    webSocketPort: null,
    ...where,
    site: 'demo',
    instrument: 'xrd-heating',
    say: (line) => void said.push(line),
    signal: abort.signal,
  });
  cleanups.push(async () => {
    abort.abort();
    await playing;
  });
  return { said, startUs };
}

/** What the same simulator makes when asked again. */
function sameFrames(startUs: number, count: number) {
  const simulator = createSimulator(NAME, { ...OPTIONS, startUs });
  return Array.from({ length: count }, () => cloneFrame(simulator.next().frame));
}

describe('broadcast', () => {
  it('serves the frames over WebSocket, bit by bit those of the simulator, at their pace', async () => {
    const { said, startUs } = play({ webSocketPort: 0 });
    await until('it says where', () => said.length > 0);
    const url = /ws:\S+/.exec(said[0]!)![0];
    const got = listenWith(websocket.create(websocket.config.parse({ url }), setting));
    await until('twenty frames', () => got.frames.length >= 20);
    const elapsedMs = Date.now() - startUs / 1000;
    const last = got.frames.at(-1)!;
    expect(last.seq * 10).toBeLessThan(elapsedMs);
    const expected = sameFrames(startUs, last.seq + 1);
    for (const { seq, values, timeUs, exposureUs } of got.frames)
      expect({ seq, values, timeUs, exposureUs }).toEqual({
        seq,
        values: expected[seq]!.values,
        timeUs: expected[seq]!.timeUs,
        exposureUs: expected[seq]!.exposureUs,
      });
    expect(new Set(got.slow.map(({ name }) => name)).size).toBeGreaterThan(0);
    expect(got.rejections).toEqual([]);
  });

  it('is not served to web pages', async () => {
    const { said } = play({ webSocketPort: 0 });
    await until('it says where', () => said.length > 0);
    const socket = new WebSocket(/ws:\S+/.exec(said[0]!)![0], { origin: 'https://evil.example' });
    const message = await new Promise<string>((resolve) => socket.once('error', (error) => resolve(error.message)));
    expect(message).toContain('401');
  });

  it('publishes to a broker that comes late, with the layout retained for those who come later still', async () => {
    const server = await startAedes();
    cleanups.push(() => server.stop());
    await server.kill();
    const { said } = play({ mqttUrl: server.url });
    await until('the absence is told', () => said.some((line) => line.includes('no broker')));
    await server.restart();
    await until('it publishes', () => said.some((line) => line.includes('frames at')));
    const operando = { site: 'demo', instrument: 'xrd-heating', stream: createSimulator(NAME).stream };
    const transport = mqtt.create(mqtt.config.parse({ url: server.url, operando }), setting);
    const got = listenWith(transport);
    await until('frames and slow signals', () => got.frames.length >= 5 && got.slow.length > 0);
    expect(got.frames[0]!.layout.size).toBe(128);
    expect(got.rejections).toEqual([]);
  });

  it.each([
    ['publishes', false, 'sub'],
    ['pushes', true, 'pull'],
  ] as const)(
    '%s over ZeroMQ, with the layout for those who come later',
    { timeout: 60_000 },
    async (_, isPushed, socket) => {
      const address = `tcp://127.0.0.1:${await freePort()}`;
      const { said, startUs } = play({ zmq: { address, isPushed } });
      await until('it says where', () => said.some((line) => line.includes(address)));
      for (const round of [1, 2]) {
        const transport = zmq.create(zmq.config.parse({ connect: address, socket }), setting);
        const collected = listenWith(transport);
        await until(
          `frames and slow signals, ${round}`,
          () => collected.frames.length >= 10 && collected.slow.length > 0,
        );
        const last = collected.frames.at(-1)!;
        expect(last.values).toEqual(sameFrames(startUs, last.seq + 1)[last.seq]!.values);
        // A frame may overtake the layout that is sent again to who comes.
        expect(collected.rejections.filter(({ reason }) => reason !== 'layout')).toEqual([]);
        // The next one comes after this one has left.
        await cleanups.pop()!();
      }
    },
  );
});
