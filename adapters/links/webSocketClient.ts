import type { PacketOutlet } from '../../src/model/adapter.ts';
import { createHolder, HELD_BACK } from './holdBack.ts';
import { untilAborted } from './untilAborted.ts';

export interface WebSocketClientOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly maxPayload: number;
  /** The server has to wait while the stream is full. */
  readonly holdsBack: boolean;
}

const HANDSHAKE_MS = 5000;
const PING_MS = 5000;

/** Delivers what a server sends until the signal aborts; rejects when the link is lost or the server falls silent. */
export async function runWebSocketClient(
  { url, token, maxPayload, holdsBack }: WebSocketClientOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  const { WebSocket } = await import('ws');
  if (signal.aborted) return;
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload,
    handshakeTimeout: HANDSHAKE_MS,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const channel = new URL(url).pathname;
  let isAlive = true;
  const holder = createHolder(outlet, socket, (isHeld) => {
    // A socket that is not read hears no answer to a ping either.
    isPaused = isHeld;
    isAlive = true;
    outlet.report({ state: 'ok', detail: isHeld ? HELD_BACK : '' });
  });
  let isPaused = false;
  const ping = setInterval(() => {
    if (isPaused) return;
    if (!isAlive) return socket.terminate();
    isAlive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_MS);
  await untilAborted(
    signal,
    (lost) => {
      let cause: Error | null = null;
      let wasUp = false;
      socket.on('open', () => {
        wasUp = true;
        outlet.report({ state: 'ok', detail: '' });
      });
      socket.on('pong', () => (isAlive = true));
      socket.on('message', (data: Buffer) => {
        isAlive = true;
        outlet.next({ channel, bytes: data, receivedUs: Date.now() * 1000 });
        if (holdsBack) holder();
      });
      socket.on('error', (error) => (cause = error));
      socket.on('close', (code) => {
        const what = wasUp ? `the link to ${url} was lost` : `there is no link to ${url}`;
        lost(new Error(`${what} (${cause === null ? `code ${code}` : cause.message})`));
      });
    },
    () => {
      clearInterval(ping);
      socket.terminate();
    },
  );
}
