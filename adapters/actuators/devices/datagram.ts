import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { ShutterState } from '../../../src/model/permit.ts';
import { defineShutterDevice } from '../../../src/model/shutter.ts';

const config = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Where the relay listens.'),
  port: z.int().min(1).max(65535).describe('Its UDP port.'),
  readBack: z.boolean().default(true).describe('Whether the relay answers; false where it only listens.'),
  timeoutMs: z
    .number()
    .min(5)
    .max(10_000)
    .default(200)
    .describe('An answer that takes longer is none.')
    .meta({ unit: 'ms' }),
});

/** `open N`, `closed N` and `read N`, N counting the datagrams; answered with `open N` or `closed N`. */
export default defineShutterDevice({
  name: 'datagram',
  summary:
    'A relay that closes by itself unless it hears `open N` over UDP every few tens of milliseconds; answers `open N` or `closed N`.',
  config,
  example: { host: '10.0.0.8', port: 4191 },
  create: ({ host, port, readBack, timeoutMs }) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const waiting = new Map<number, (state: ShutterState) => void>();
    let count = 0;
    let trouble: Error | null = null;
    let isConnected = false;
    let connecting: Promise<void> | null = null;
    // Nobody listens, or the way is cut: told by the next call.
    socket.on('error', (error) => (trouble = error));
    socket.on('message', (bytes) => {
      const answer = /^(open|closed) (\d+)\s*$/.exec(bytes.toString('latin1'));
      if (answer !== null) waiting.get(Number(answer[2]))?.(answer[1] as 'open' | 'closed');
    });
    socket.unref();

    const connect = (): Promise<void> => {
      connecting ??= new Promise((resolve, reject) => {
        socket.connect(port, host, (error?: Error) => {
          isConnected = error === undefined;
          connecting = isConnected ? connecting : null;
          if (error === undefined) resolve();
          else reject(error);
        });
      });
      return connecting;
    };
    const send = (word: string): number => {
      socket.send(`${word} ${++count}`, (error) => {
        if (error !== null) trouble = error;
      });
      if (trouble === null) return count;
      const cause = trouble;
      trouble = null;
      throw new Error(`no relay at ${host}:${port}`, { cause });
    };
    void connect().catch(() => undefined);
    return {
      name: 'datagram',
      isReadBack: readBack,
      async drive(state) {
        // An opening is sent now or not at all.
        if (!isConnected && state === 'open') throw new Error(`${host}:${port} is not found yet`);
        if (!isConnected) await connect();
        send(state);
      },
      async read() {
        if (!isConnected) await connect();
        const number = send('read');
        return new Promise<ShutterState>((resolve) => {
          const finish = (state: ShutterState): void => {
            clearTimeout(timer);
            waiting.delete(number);
            resolve(state);
          };
          const timer = setTimeout(() => finish('unknown'), timeoutMs);
          waiting.set(number, finish);
        });
      },
      close: () => new Promise((resolve) => socket.close(resolve)),
    };
  },
});
