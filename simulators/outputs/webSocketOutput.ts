import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Output } from './output.ts';

/** A client that has so much unread is too slow: frames pass it by. */
const MAX_BUFFERED = 1024 * 1024;

/**
 * Serves whoever connects to a port of this machine; 0 takes a free one.
 *
 * @param hear - obeys what a client sends, and gives the answer; absent, nothing is obeyed.
 * @throws Error when the port is taken.
 */
export async function openWebSocketOutput(
  port: number,
  say: (line: string) => void,
  hear?: (text: string) => string,
): Promise<Output> {
  const { WebSocketServer, WebSocket } = await import('ws');
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port,
    perMessageDeflate: false,
    maxPayload: 1024,
    // Programs send no Origin; web pages do, and have no business here.
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.origin === undefined,
  });
  await once(server, 'listening');
  say(`frames at ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  let layout: Uint8Array | null = null;
  const latest = new Map<string, Uint8Array>();
  const toAll = (bytes: Uint8Array): void => {
    for (const client of server.clients)
      if (client.readyState === WebSocket.OPEN && client.bufferedAmount < MAX_BUFFERED) client.send(bytes);
  };
  server.on('connection', (client) => {
    client.on('error', () => client.terminate());
    if (hear !== undefined) client.on('message', (data: Buffer) => client.send(hear(data.toString())));
    if (layout !== null) client.send(layout);
    for (const bytes of latest.values()) client.send(bytes);
  });
  return {
    layout(bytes) {
      layout = bytes;
      toAll(bytes);
    },
    frame: toAll,
    slow(name, bytes) {
      latest.set(name, bytes);
      toAll(bytes);
    },
    async close() {
      for (const client of server.clients) client.close(1001, 'the experiment is over');
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
