import { createServer, type AddressInfo, type Socket } from 'node:net';
import { MonitorError } from '../model/error.ts';

export interface EmbeddedBroker {
  /** 'mqtt://127.0.0.1:1883'. */
  readonly url: string;
  readonly port: number;
  /** Disconnects everybody and frees the port; may be called again. */
  close(): Promise<void>;
}

/**
 * An MQTT 3.1.1 broker inside this process, for demonstrations and tests: no accounts, nothing kept on disk.
 *
 * @param port - 0 takes a free one.
 * @param host - who may connect; only this machine by default.
 * @throws MonitorError ADAPTER when the port is taken.
 */
export async function startEmbeddedBroker({ port = 0, host = '127.0.0.1' } = {}): Promise<EmbeddedBroker> {
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const closeBroker = () => new Promise<void>((resolve) => broker.close(resolve));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch(async (error: unknown) => {
    await closeBroker();
    throw new MonitorError('ADAPTER', `cannot listen on ${host}:${port}`, { id: 'broker' }, { cause: error });
  });
  const { port: taken } = server.address() as AddressInfo;
  let closing: Promise<void> | null = null;
  return {
    url: `mqtt://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    port: taken,
    close() {
      closing ??= (async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        await closeBroker();
        for (const socket of sockets) socket.destroy();
        await closed;
      })();
      return closing;
    },
  };
}
