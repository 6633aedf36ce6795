import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedBroker } from '../../src/app/embeddedBroker.ts';

/** A real server in a process of its own, with a directory that is removed at the end. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Ends the process at once, as a power cut would; the directory stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and directory, and waits until it answers. */
  restart(): Promise<void>;
  /** Ends the process and removes the directory. */
  stop(): Promise<void>;
}

/** Full path of an installed program; null when it is not there. Daemons live outside a user's PATH. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when `check` is true or resolves to it; rejects, naming `what`, after `timeoutMs`. */
export async function until(what: string, check: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await pause(20);
  }
}

interface Launch {
  readonly program: string;
  readonly directory: string;
  readonly url: string;
  readonly port: number;
  readonly argv: readonly string[];
  answers(): Promise<boolean>;
}

async function launch({ program, directory, url, port, argv, answers }: Launch): Promise<TestServer> {
  const path = findProgram(program);
  if (path === null) throw new Error(`${program} is not installed`);
  let child: ChildProcess | null = null;
  async function start(): Promise<void> {
    let output = '';
    const started = spawn(path!, argv, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    const keepTail = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2000));
    started.stdout.on('data', keepTail);
    started.stderr.on('data', keepTail);
    child = started;
    process.once('exit', () => started.kill('SIGKILL'));
    await until(`${program} answers at ${url}`, async () => {
      if (started.exitCode !== null) throw new Error(`${program} ended with ${started.exitCode}: ${output}`);
      return answers();
    });
  }
  async function kill(): Promise<void> {
    const dying = child;
    child = null;
    if (dying === null || dying.exitCode !== null) return;
    const ended = new Promise((resolve) => dying.once('exit', resolve));
    dying.kill('SIGKILL');
    await ended;
  }
  const stop = async () => {
    await kill();
    await rm(directory, { recursive: true, force: true });
  };
  await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, port, kill, restart: start, stop };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/**
 * A Mosquitto broker; retained messages live as long as its process.
 *
 * @param lines - further lines of its configuration: accounts, certificates, limits.
 */
export async function startMosquitto(lines: readonly string[] = ['allow_anonymous true']): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'operando-mosquitto-'));
  const port = await freePort();
  const file = join(directory, 'mosquitto.conf');
  const all = [`listener ${port} 127.0.0.1`, 'persistence false', 'set_tcp_nodelay true', ...lines];
  await writeFile(file, `${all.join('\n')}\n`);
  const url = `mqtt${lines.some((line) => line.startsWith('certfile')) ? 's' : ''}://127.0.0.1:${port}`;
  return launch({ program: 'mosquitto', directory, url, port, argv: ['-c', file], answers: () => accepts(port) });
}

/** A NATS server, core only. @param lines - further lines of its configuration: accounts, certificates. */
export async function startNats(lines: readonly string[] = []): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'operando-nats-'));
  const port = await freePort();
  const file = join(directory, 'nats.conf');
  await writeFile(file, [`listen: "127.0.0.1:${port}"`, 'max_payload: 8MB', ...lines].join('\n'));
  const url = `nats://127.0.0.1:${port}`;
  return launch({ program: 'nats-server', directory, url, port, argv: ['-c', file], answers: () => accepts(port) });
}

/** An InfluxDB 1.x server; what it acknowledged survives `kill` and `restart`. */
export async function startInfluxd(): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'operando-influxd-'));
  const port = await freePort();
  const file = join(directory, 'influxdb.conf');
  const lines = [
    'reporting-disabled = true',
    `bind-address = "127.0.0.1:${await freePort()}"`,
    `[meta]\n  dir = "${directory}/meta"`,
    `[data]\n  dir = "${directory}/data"\n  wal-dir = "${directory}/wal"\n  query-log-enabled = false`,
    `[http]\n  bind-address = "127.0.0.1:${port}"\n  log-enabled = false`,
    '[monitor]\n  store-enabled = false',
  ];
  await writeFile(file, lines.join('\n'));
  const url = `http://127.0.0.1:${port}`;
  const answers = async () => {
    try {
      return (await fetch(`${url}/ping`)).status === 204;
    } catch {
      return false;
    }
  };
  return launch({ program: 'influxd', directory, url, port, argv: ['-config', file], answers });
}

/** A VictoriaMetrics server; what it acknowledged more than a second ago survives `kill` and `restart`. */
export async function startVictoriaMetrics(): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'operando-victoria-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const argv = [
    `-httpListenAddr=127.0.0.1:${port}`,
    `-storageDataPath=${directory}/data`,
    '-memory.allowedBytes=128MB',
  ];
  const answers = async () => {
    try {
      return (await fetch(`${url}/health`)).ok;
    } catch {
      return false;
    }
  };
  return launch({ program: 'victoria-metrics', directory, url, port, argv, answers });
}

/** The broker of the demonstration, inside this process (MQTT 3.1.1). */
export async function startAedes(port = 0): Promise<TestServer> {
  let broker = await startEmbeddedBroker({ port });
  const { url, port: taken } = broker;
  const kill = () => broker.close();
  const restart = async () => {
    broker = await startEmbeddedBroker({ port: taken });
  };
  return { url, port: taken, kill, restart, stop: kill };
}
