import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { PacketOutlet } from '../../src/model/adapter.ts';
import { createFramer } from './tcpFraming.ts';
import type { Framing } from './tcpFraming.ts';
import { untilAborted } from './untilAborted.ts';

export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly framing: Framing;
  readonly maxBytes: number;
}

const CONNECT_MS = 5000;
const KEEPALIVE_MS = 10_000;
/** Instruments at one port. */
const MOST_CLIENTS = 16;

/** Delivers what a server sends until the signal aborts; rejects when the link is lost or cannot be followed. */
export async function runTcpClient(options: TcpOptions, outlet: PacketOutlet, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { host, port } = options;
  const socket = connect({ host, port, timeout: CONNECT_MS });
  await untilAborted(
    signal,
    (lost) => {
      let cause = '';
      socket.on('connect', () => {
        socket.setTimeout(0);
        outlet.report({ state: 'ok', detail: '' });
      });
      socket.on('timeout', () => socket.destroy(new Error('no answer')));
      receive(socket, options, outlet, (sentence) => (cause = sentence));
      socket.on('error', (error) => (cause ||= error.message));
      socket.on('close', () => lost(new Error(`there is no link to ${host}:${port} (${cause || 'it was closed'})`)));
    },
    () => socket.destroy(),
  );
}

/**
 * Takes what instruments send to a port until the signal aborts; rejects when the port cannot be had.
 *
 * @param from - Addresses that may connect; undefined lets all that reach the port.
 */
export async function runTcpServer(
  { from, ...options }: TcpOptions & { readonly from: readonly string[] | undefined },
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const { host, port } = options;
  const clients = new Set<Socket>();
  const tell = (detail = ''): void => {
    if (signal.aborted) return;
    if (clients.size > 0) outlet.report({ state: 'ok', detail });
    else
      outlet.report({
        state: 'connecting',
        detail: `${detail}${detail && '; '}waiting for an instrument at ${host}:${port}`,
      });
  };
  const server = createServer((socket) => {
    const who = plainAddress(socket.remoteAddress);
    const isWelcome = clients.size < MOST_CLIENTS && (from?.includes(who) ?? true);
    if (!isWelcome) {
      socket.on('error', () => undefined).destroy();
      tell(`${who} was refused`);
      return;
    }
    let cause = '';
    clients.add(socket);
    receive(socket, options, outlet, (sentence) => (cause = `${who} was cut off: ${sentence}`));
    socket.on('error', (error) => (cause ||= error.message));
    socket.on('close', () => {
      clients.delete(socket);
      tell(cause);
    });
    tell();
  });
  await untilAborted(
    signal,
    (lost) => {
      server.on('error', lost);
      server.listen(port, host, () => tell());
    },
    () => {
      for (const client of clients) client.destroy();
      server.close();
    },
  );
}

/** IPv4 addresses as they are usually written, also on a socket of IPv6. */
const plainAddress = (address = ''): string => address.replace(/^::ffff:(?=\d+\.)/, '');

/** Hands on the messages of a socket; one that cannot be followed is cut off, for the reason told to `refuse`. */
function receive(
  socket: Socket,
  { framing, maxBytes }: TcpOptions,
  outlet: PacketOutlet,
  refuse: (sentence: string) => void,
): void {
  let channel = '';
  const framer = createFramer(framing, maxBytes, {
    next: (bytes) => outlet.next({ channel, bytes, receivedUs: Date.now() * 1000 }),
    reject(rejection) {
      refuse(rejection.detail);
      outlet.reject?.(rejection);
    },
  });
  socket.setKeepAlive(true, KEEPALIVE_MS);
  socket.on('data', (chunk) => {
    channel ||= `${plainAddress(socket.remoteAddress)}:${socket.remotePort}`;
    if (!framer.push(chunk)) socket.destroy();
  });
  socket.on('close', () => framer.end());
}
