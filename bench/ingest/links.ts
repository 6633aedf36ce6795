import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { WebSocket } from 'ws';

/** A sender's end of a transport. */
export interface SendingLink {
  /** Resolves, or has already, when the next may be sent. */
  send(bytes: Uint8Array): Promise<void> | undefined;
  /** Resolves when all has left this process. */
  close(): Promise<void>;
}

export const CHANNEL = 'bench/frames';
const SUBJECT = 'bench.frames';
/** What may wait in this process. */
const MAX_BUFFERED = 1 << 20;
const IN_FLIGHT = 64;
/** Frames that overtake each other would be refused. */
const POSTS_IN_FLIGHT = 1;

/** By transport: how a frame is sent to an address. */
export const LINKS: Readonly<Record<string, (url: string, qos: 0 | 1) => Promise<SendingLink>>> = {
  async websocket(url) {
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    return webSocketLink(socket);
  },
  async websocketServer(url) {
    const { WebSocketServer } = await import('ws');
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: Number(new URL(url).port),
      perMessageDeflate: false,
    });
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    const link = webSocketLink(socket);
    return {
      send: link.send,
      async close() {
        server.close();
        await link.close();
      },
    };
  },
  async zmq(url) {
    const { Push } = await import('zeromq');
    const socket = new Push({ linger: 10_000 });
    socket.connect(url);
    return {
      send: (bytes) => socket.send(bytes),
      close: () => Promise.resolve(socket.close()),
    };
  },
  async mqtt(url, qos) {
    const { default: mqtt } = await import('mqtt');
    const link = await mqtt.connectAsync(url, { protocolVersion: 5 });
    const bounded = boundedFlight(IN_FLIGHT);
    return {
      send: (bytes) => bounded.take(link.publishAsync(CHANNEL, Buffer.from(bytes), { qos })),
      async close() {
        await bounded.settled();
        await link.endAsync();
      },
    };
  },
  http(url) {
    const agent = new Agent({ keepAlive: true, maxSockets: POSTS_IN_FLIGHT });
    const bounded = boundedFlight(POSTS_IN_FLIGHT);
    const post = (bytes: Uint8Array): Promise<void> =>
      new Promise((resolve, reject) => {
        const posted = request(url, { method: 'POST', agent, headers: { 'Content-Type': 'application/cbor' } });
        posted.on('response', (response) => response.resume().on('end', resolve));
        posted.on('error', reject);
        posted.end(bytes);
      });
    return Promise.resolve({
      send: (bytes: Uint8Array) => bounded.take(post(bytes)),
      async close() {
        await bounded.settled();
        agent.destroy();
      },
    });
  },
  async tcp(url) {
    const { hostname, port } = new URL(url);
    const socket = connectTcp({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return {
      send(bytes) {
        const head = Buffer.alloc(4);
        head.writeUInt32BE(bytes.length);
        socket.write(head);
        return socket.write(bytes) ? undefined : once(socket, 'drain').then(() => undefined);
      },
      async close() {
        socket.end();
        await once(socket, 'close');
      },
    };
  },
  async nats(url) {
    const { connect } = await import('@nats-io/transport-node');
    const link = await connect({ servers: url });
    let count = 0;
    return {
      send(bytes) {
        link.publish(SUBJECT, bytes);
        return ++count % IN_FLIGHT === 0 ? link.flush() : undefined;
      },
      close: () => link.drain(),
    };
  },
};

/** Lets so many be on their way at once. */
function boundedFlight(most: number) {
  const flying = new Set<Promise<unknown>>();
  return {
    take(one: Promise<unknown>): Promise<void> | undefined {
      const tracked = one.finally(() => flying.delete(tracked));
      flying.add(tracked);
      return flying.size < most ? undefined : Promise.race(flying).then(() => undefined);
    },
    settled: () => Promise.all(flying).then(() => undefined),
  };
}

function webSocketLink(socket: WebSocket): SendingLink {
  return {
    send(bytes) {
      if (socket.bufferedAmount < MAX_BUFFERED) return void socket.send(bytes);
      return new Promise((resolve, reject) => socket.send(bytes, (error) => (error ? reject(error) : resolve())));
    },
    async close() {
      socket.close();
      if (socket.readyState !== socket.CLOSED) await once(socket, 'close');
    },
  };
}
