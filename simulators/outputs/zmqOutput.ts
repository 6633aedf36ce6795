import { setTimeout as pause } from 'node:timers/promises';
import type { Push, XPublisher } from 'zeromq';
import type { Output } from './output.ts';

/** Frames that may wait for a client that is slow; further ones pass it by. */
const HIGH_WATER_MARK = 100;
/** How long a closed output may still send what waits, milliseconds. */
const LINGER_MS = 500;
const RETRY_MS = 20;

export interface ZmqOutputOptions {
  /** 'tcp://127.0.0.1:5555'; a port of '*' takes a free one. */
  readonly address: string;
  /** Each message goes to one puller only, as from a detector; else to all who subscribe. */
  readonly isPushed: boolean;
  readonly stream: string;
}

/**
 * Binds to an address. What is published is headed by its topic: layouts/{stream}, frames/{stream}, signals/{name};
 * what is pushed is not. Layout and signals are sent again to who comes later.
 *
 * @throws Error when the address cannot be had.
 */
export async function openZmqOutput(
  { address, isPushed, stream }: ZmqOutputOptions,
  say: (line: string) => void,
): Promise<Output> {
  const latest = new Map<string, Uint8Array>();
  let send: Send = () => undefined;
  const tellAgain = (): void => {
    for (const [topic, bytes] of latest) send(topic, bytes);
  };
  const socket = isPushed ? await openPush(() => latest.values()) : await openPublisher(tellAgain);
  send = socket.send;
  await socket.bind(address);
  say(`frames at ${socket.endpoint() ?? address}, ${isPushed ? 'each to one puller' : `topic frames/${stream}`}`);
  const keep = (topic: string, bytes: Uint8Array): void => {
    latest.set(topic, bytes);
    send(topic, bytes);
  };
  return {
    layout: (bytes) => keep(`layouts/${stream}`, bytes),
    frame: (bytes) => send(`frames/${stream}`, bytes),
    slow: (name, bytes) => keep(`signals/${name}`, bytes),
    close() {
      socket.close();
      return Promise.resolve();
    },
  };
}

type Send = (topic: string, bytes: Uint8Array) => void;

// What cannot be sent now is lost, as with a real instrument.
const SETTINGS = { sendHighWaterMark: HIGH_WATER_MARK, sendTimeout: 0, linger: LINGER_MS };

/** @param latest - layout and signals, which a new puller is told before any frame. */
async function openPush(latest: () => Iterable<Uint8Array>) {
  const { Push } = await import('zeromq');
  const socket = new Push(SETTINGS);
  let peers = 0;
  let isTold = false;
  let isTelling = false;
  const tell = async (): Promise<void> => {
    isTold = false;
    if (isTelling) return;
    isTelling = true;
    while (!isTold && peers > 0 && !socket.closed) {
      isTold = true;
      try {
        for (const bytes of [...latest()]) await socket.send(bytes);
      } catch {
        // The handshake may be heard of before the way is open.
        isTold = false;
        await pause(RETRY_MS);
      }
    }
    isTelling = false;
  };
  socket.events.on('handshake', () => {
    peers++;
    void tell();
  });
  socket.events.on('disconnect', () => (peers = Math.max(0, peers - 1)));
  return {
    ...shared(socket),
    // A puller that was not told the layout yet could make nothing of a frame.
    send: (_topic: string, bytes: Uint8Array): void => {
      if (peers > 0 && isTold && !isTelling) socket.send(bytes).catch(() => undefined);
    },
  };
}

const SUBSCRIBED = 1;

async function openPublisher(arrived: () => void) {
  const { XPublisher } = await import('zeromq');
  const socket = new XPublisher(SETTINGS);
  socket.verbosity = 'allSubs';
  const hear = async (): Promise<void> => {
    for await (const [message] of socket) if (message?.[0] === SUBSCRIBED) arrived();
  };
  void hear();
  return {
    ...shared(socket),
    send: (topic: string, bytes: Uint8Array): void => {
      socket.send([topic, bytes]).catch(() => undefined);
    },
  };
}

const shared = (socket: Push | XPublisher) => ({
  bind: (address: string) => socket.bind(address),
  endpoint: () => socket.lastEndpoint,
  close: () => socket.close(),
});
