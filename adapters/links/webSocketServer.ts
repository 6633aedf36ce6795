import type { PacketOutlet } from '../../src/model/adapter.ts';
import { createHolder, HELD_BACK } from './holdBack.ts';
import { refusalOf } from './socketAccess.ts';
import type { SocketAccess } from './socketAccess.ts';
import { untilAborted } from './untilAborted.ts';

export interface WebSocketServerOptions extends SocketAccess {
  readonly host: string;
  readonly port: number;
  readonly maxPayload: number;
  /** Instruments have to wait while the stream is full. */
  readonly holdsBack: boolean;
}

const PING_MS = 5000;

/** Takes what instruments push until the signal aborts; rejects when the port cannot be had. */
export async function runWebSocketServer(
  { host, port, maxPayload, holdsBack, ...access }: WebSocketServerOptions,
  outlet: PacketOutlet,
  signal: AbortSignal,
): Promise<void> {
  const { WebSocketServer } = await import('ws');
  if (signal.aborted) return;
  const server = new WebSocketServer({
    host,
    port,
    maxPayload,
    perMessageDeflate: false,
    verifyClient: ({ req }, answer) => {
      const refusal = refusalOf(req, access);
      answer(refusal === null, refusal ?? 101);
    },
  });
  const silent = new Set<object>();
  const held = new Set<object>();
  const tell = (): void => {
    const count = server.clients.size;
    if (held.size > 0) outlet.report({ state: 'ok', detail: HELD_BACK });
    else if (count > 0) outlet.report({ state: 'ok', detail: '' });
    else outlet.report({ state: 'connecting', detail: `waiting for an instrument at ws://${host}:${port}` });
  };
  const ping = setInterval(() => {
    for (const client of server.clients)
      // A socket that is not read hears no answer to a ping either.
      if (held.has(client)) silent.delete(client);
      else if (silent.has(client)) client.terminate();
      else {
        silent.add(client);
        client.ping();
      }
  }, PING_MS);
  server.on('connection', (socket, request) => {
    const channel = new URL(request.url ?? '/', 'ws://localhost').pathname;
    const heard = (): void => void silent.delete(socket);
    const holder = createHolder(outlet, socket, (isHeld) => {
      if (isHeld) held.add(socket);
      else held.delete(socket);
      if (!signal.aborted) tell();
    });
    socket.on('pong', heard);
    socket.on('message', (data: Buffer) => {
      heard();
      outlet.next({ channel, bytes: data, receivedUs: Date.now() * 1000 });
      if (holdsBack) holder();
    });
    socket.on('error', (error) =>
      outlet.report({ state: 'ok', detail: `an instrument was cut off: ${error.message}` }),
    );
    // The set of clients is up to date only after this event.
    socket.on('close', () => {
      held.delete(socket);
      setImmediate(() => !signal.aborted && tell());
    });
    tell();
  });
  await untilAborted(
    signal,
    (lost) => {
      server.on('listening', tell);
      server.on('error', lost);
    },
    () => {
      clearInterval(ping);
      for (const client of server.clients) client.terminate();
      server.close();
    },
  );
}
