import { setImmediate } from 'node:timers/promises';
import type { Message, Pull, Subscriber } from 'zeromq';
import type { PacketOutlet } from '../../src/model/adapter.ts';

export interface ZmqSocketOptions {
  readonly socket: 'sub' | 'pull';
  /** Addresses to connect to; empty when others connect to us. */
  readonly connect: readonly string[];
  /** Address that others connect to; undefined when we connect. */
  readonly bind: string | undefined;
  readonly topics: readonly string[];
  /** Whether the first part is a topic; undefined: for 'sub', of messages that have more. */
  readonly hasTopic: boolean | undefined;
  /** Messages that may wait, per sender. */
  readonly highWaterMark: number;
  readonly maxBytes: number;
}

type Incoming = Pull | Subscriber;

/** How many messages may follow each other before other work gets its turn. */
const MESSAGES_PER_TURN = 64;

// A sender that is cut off without a word is noticed by TCP, whatever version of ZeroMQ it speaks.
const KEEPALIVE = { tcpKeepalive: 1, tcpKeepaliveIdle: 10, tcpKeepaliveInterval: 5, tcpKeepaliveCount: 3 };
const RECONNECT = { reconnectInterval: 250, reconnectMaxInterval: 5000 };

/**
 * Delivers what is sent until the signal aborts; rejects when an address cannot be had.
 * ZeroMQ itself connects again after a loss; the outlet is told of it.
 */
export async function runZmqSocket(
  options: ZmqSocketOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  const { Pull, Subscriber } = await import('zeromq');
  if (signal.aborted) return;
  const { connect, bind, highWaterMark, maxBytes } = options;
  const settings = {
    receiveHighWaterMark: highWaterMark,
    maxMessageSize: maxBytes,
    linger: 0,
    ...KEEPALIVE,
    ...RECONNECT,
  };
  const socket: Incoming = options.socket === 'sub' ? new Subscriber(settings) : new Pull(settings);
  const close = (): void => socket.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    tellOfPeers(socket, options, outlet, signal);
    if (socket instanceof Subscriber) socket.subscribe(...options.topics);
    if (bind !== undefined) await socket.bind(bind);
    for (const address of connect) socket.connect(address);
    await deliver(socket, options, outlet, signal);
  } finally {
    signal.removeEventListener('abort', close);
    socket.close();
  }
}

async function deliver(
  socket: Incoming,
  { socket: kind, hasTopic }: ZmqSocketOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  let count = 0;
  for await (const message of socket as AsyncIterable<Message[]>) {
    if (signal.aborted) return;
    const isNamed = hasTopic ?? (kind === 'sub' && message.length > 1);
    const channel = isNamed ? message[0]!.toString('utf8').slice(0, 256) : '';
    const [bytes, ...parts] = isNamed ? message.slice(1) : message;
    if (bytes === undefined) outlet.reject?.({ reason: 'truncated', detail: 'a message of a topic and nothing else' });
    else outlet.next({ channel, bytes, ...(parts.length > 0 ? { parts } : {}), receivedUs: Date.now() * 1000 });
    if (++count % MESSAGES_PER_TURN === 0) await setImmediate();
  }
}

/** Reports whether the senders are there; the same is told once, not at every attempt. */
function tellOfPeers(socket: Incoming, { connect, bind }: ZmqSocketOptions, outlet: PacketOutlet, signal: AbortSignal) {
  let peers = 0;
  let strangers = 0;
  let told: string | null = null;
  const tell = (): void => {
    const missing = connect.length - peers;
    const isUp = bind === undefined ? missing <= 0 : peers > 0;
    const wanted = `no link to ${missing < connect.length ? `${missing} of ` : ''}${connect.join(', ')}`;
    const detail = isUp ? '' : bind === undefined ? `${wanted}; trying again` : `waiting for a sender at ${bind}`;
    if (signal.aborted || detail === told) return;
    told = detail;
    outlet.report({ state: isUp ? 'ok' : bind === undefined ? 'down' : 'connecting', detail });
  };
  const { events } = socket;
  events.on('bind', tell);
  events.on('connect:retry', tell);
  events.on('handshake', () => {
    peers++;
    tell();
  });
  // Who speaks no ZeroMQ never was a peer, but leaves as one.
  for (const kind of ['protocol', 'auth', 'other'] as const)
    events.on(`handshake:error:${kind}`, () => void strangers++);
  events.on('disconnect', () => {
    if (strangers > 0) strangers--;
    else peers = Math.max(0, peers - 1);
    tell();
  });
}
