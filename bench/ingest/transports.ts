import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { joinCodec } from '../../adapters/joinCodec.ts';
import { codecs, transports } from '../../adapters/registry.ts';
import type { AdapterSetting } from '../../src/model/adapter.ts';
import { createIngress } from '../../src/pipeline/ingress.ts';
import { createPump } from '../../src/pipeline/pump.ts';
import { createSlowSignals } from '../../src/pipeline/slowSignals.ts';
import { findProgram, freePort, startAedes, startMosquitto, type TestServer } from '../../test/support/servers.ts';
import { startNats } from './nats.ts';
import { CHANNEL } from './links.ts';

const SENDER = fileURLToPath(new URL('./sender.js', import.meta.url));
const QUIET_MS = 1500;
/** Rides out a pause of the collector at 10 000 frames/s. */
const CAPACITY = 4096;

/** What came of a transport. */
export interface IngestResult {
  /** Asked of the sender, per second. */
  readonly offered: number;
  readonly framesPerSecond: number;
  readonly sent: number;
  /** Sent and not processed. */
  readonly lost: number;
  /** Missing between frames that came. */
  readonly gaps: number;
  /** Came, and was not processed, by reason. */
  readonly refused: Readonly<Record<string, number>>;
}

/** A transport as it is measured: how the monitor listens, and where the sender goes. */
interface Plan {
  readonly transport: string;
  /** Name of the sending link, where it is not that of the transport. */
  readonly sender?: string;
  readonly qos?: 0 | 1;
  readonly with: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly server?: Pick<TestServer, 'stop'>;
}

/** By name; null when a program it needs is not here. */
export const PLANS: Readonly<Record<string, () => Promise<Plan | null>>> = {
  async websocket() {
    const url = `ws://127.0.0.1:${await freePort()}`;
    return { transport: 'websocket', sender: 'websocketServer', with: { url }, url };
  },
  async websocketPushed() {
    const port = await freePort();
    return { transport: 'websocket', with: { listen: { port } }, url: `ws://127.0.0.1:${port}` };
  },
  async zmq() {
    const url = `tcp://127.0.0.1:${await freePort()}`;
    return { transport: 'zmq', with: { bind: url, socket: 'pull' }, url };
  },
  async tcp() {
    const port = await freePort();
    return {
      transport: 'tcp',
      with: { listen: { port }, framing: { length: { bytes: 4 } } },
      url: `tcp://127.0.0.1:${port}`,
    };
  },
  async http() {
    const port = await freePort();
    return { transport: 'http', with: { port }, url: `http://127.0.0.1:${port}/` };
  },
  mqtt0: () => mqttPlan(0),
  mqtt1: () => mqttPlan(1),
  async nats() {
    if (findProgram('nats-server') === null) return null;
    const server = await startNats();
    return { transport: 'nats', with: { url: server.url, subjects: ['bench.frames'] }, url: server.url, server };
  },
};

async function mqttPlan(qos: 0 | 1): Promise<Plan> {
  const server = await (findProgram('mosquitto') === null ? startAedes() : startMosquitto());
  return { transport: 'mqtt', qos, with: { url: server.url, topics: [CHANNEL], qos }, url: server.url, server };
}

/** Frames from another process through transport, codec, ingress and pump. */
export async function measureTransport(
  plan: Plan,
  channels: number,
  rate: number,
  seconds: number,
): Promise<IngestResult> {
  const abort = new AbortController();
  const pump = { wake: (): void => undefined };
  let failure: Error | null = null;
  let isReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new Error(String(error));
  };
  const ingress = createIngress({
    stream: 'xrd',
    capacity: CAPACITY,
    overflow: 'dropOldest',
    slowSignals: createSlowSignals(),
    framePeriodUs: null,
    latestUs: () => Infinity,
    resumeAfter: null,
    wake: () => pump.wake(),
    fail,
    report: ({ state }) => state === 'ok' && isReady(),
  });
  const real = createPump([ingress], {
    afterFrame: () => undefined,
    fail,
    budgetMs: 8,
    nowMs: () => performance.now(),
  });
  pump.wake = () => real.wake();
  const run = receiverOf(plan).run(ingress, abort.signal).catch(fail);
  const argv = [SENDER, plan.sender ?? plan.transport, plan.url, channels, rate, seconds, plan.qos ?? 0].map(String);
  if (plan.sender === undefined) await Promise.race([ready, pause(1000)]);
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  let firstMs = 0;
  let lastMs = 0;
  let seen = 0;
  const watch = setInterval(() => {
    const { processedCount } = ingress.account();
    if (processedCount === seen) return;
    lastMs = performance.now();
    if (seen === 0) firstMs = lastMs;
    seen = processedCount;
  }, 5);
  await once(child, 'close');
  while (performance.now() - lastMs < QUIET_MS && failure === null) await pause(50);
  clearInterval(watch);
  abort.abort();
  await run;
  await plan.server?.stop();
  if (failure !== null) throw failure as Error;
  const { sent } = JSON.parse(said) as { sent: number };
  const { processedCount, lostCount, droppedCount } = ingress.account();
  return {
    offered: rate,
    framesPerSecond: Math.round(processedCount / ((lastMs - firstMs) / 1000)),
    sent,
    lost: sent - processedCount,
    gaps: lostCount,
    refused: droppedCount,
  };
}

function receiverOf(plan: Plan) {
  const setting: AdapterSetting = {
    stream: 'xrd',
    noise: undefined,
    framePeriodUs: null,
    resolvePath: (path) => path,
    resumeAfter: null,
  };
  const transport = transports.find(({ name }) => name === plan.transport);
  const codec = codecs.find(({ name }) => name === 'cbor');
  if (transport === undefined || codec === undefined) throw new Error(`no transport '${plan.transport}'`);
  const made = transport.create(transport.config.parse(plan.with) as never, setting);
  return joinCodec(made, codec.create(codec.config.parse({}) as never, setting));
}
