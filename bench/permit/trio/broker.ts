import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { besideThis, nodeArguments, startChild, type Child } from './children.ts';

/** An MQTT broker in a process of its own, on one port for all its lives. */
export interface BrokerProcess {
  readonly name: 'mosquitto' | 'aedes';
  readonly port: number;
  readonly child: Child;
  start(): Promise<void>;
}

const findMosquitto = (): string | null =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, 'mosquitto'))
    .find((path) => existsSync(path)) ?? null;

/** Mosquitto where it is installed, else the broker of the demonstrations. */
export async function startBroker(cwd: string): Promise<BrokerProcess> {
  const port = await freePort();
  const mosquitto = findMosquitto();
  const file = join(cwd, 'mosquitto.conf');
  await writeFile(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n`);
  let child: Child | null = null;
  const broker: BrokerProcess = {
    name: mosquitto === null ? 'aedes' : 'mosquitto',
    port,
    get child() {
      if (child === null) throw new Error('the broker was not started');
      return child;
    },
    async start() {
      child =
        mosquitto === null
          ? startChild(process.execPath, [...nodeArguments(besideThis('aedes')), String(port)], cwd)
          : startChild(mosquitto, ['-c', file], cwd);
      while (!(await accepts(port))) {
        if (child.process.exitCode !== null) throw new Error(`the broker ended: ${child.tail()}`);
        await pause(20);
      }
    },
  };
  await broker.start();
  return broker;
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
