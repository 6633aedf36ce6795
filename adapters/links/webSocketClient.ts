import type { PacketOutlet } from '../../src/model/adapter.ts';
import { untilAborted } from './untilAborted.ts';

export interface WebSocketClientOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly maxPayload: number;
}

const HANDSHAKE_MS = 5000;
const PING_MS = 5000;

/** Delivers what a server sends until the signal aborts; rejects when the link is lost or the server falls silent. */
export async function runWebSocketClient(
  { url, token, maxPayload }: WebSocketClientOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  const { WebSocket } = await import('ws');
  if (signal.aborted) return;
  outlet.report({ state: 'connecting', detail: `connecting to ${url}` });
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload,
    handshakeTimeout: HANDSHAKE_MS,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const channel = new URL(url).pathname;
  let isAlive = true;
  const ping = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, PING_MS);
  await untilAborted(
    signal,
    (lost) => {
      let cause: Error | null = null;
      socket.on('open', () => outlet.report({ state: 'ok', detail: '' }));
      socket.on('pong', () => (isAlive = true));
      socket.on('message', (data: Buffer) => {
        isAlive = true;
        outlet.next({ channel, bytes: data, receivedUs: Date.now() * 1000 });
      });
      socket.on('error', (error) => (cause = error));
      socket.on('close', (code) =>
        lost(new Error(`the link to ${url} was lost (${cause?.message || `code ${code}`})`)),
      );
    },
    () => {
      clearInterval(ping);
      socket.terminate();
    },
  );
}
