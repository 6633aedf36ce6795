import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { monotonicMs } from './monotonic.ts';

/** One direction of a link: 'up', or 'stalled': bytes wait until it is up again. */
export type Direction = 'toBroker' | 'fromBroker';

/** A TCP link to the broker that can be cut, as a bad switch or a pulled plug would. */
export interface Link {
  readonly port: number;
  /** Holds back what goes in these directions. */
  stall(...directions: readonly Direction[]): void;
  /** Lets everything through again, what was held back first. */
  heal(): void;
  /** Ends all connections; new ones are refused until `heal`. */
  sever(): void;
  close(): Promise<void>;
}

/** @param seen - hears of every piece that was passed on. */
export async function openLink(
  brokerPort: number,
  seen: (direction: Direction, text: string, atMs: number) => void = () => undefined,
): Promise<Link> {
  const stalled = new Set<Direction>();
  const held: Record<Direction, (() => void)[]> = { toBroker: [], fromBroker: [] };
  const sockets = new Set<Socket>();
  let isSevered = false;
  const pass = (from: Socket, to: Socket, direction: Direction): void => {
    from.on('data', (bytes: Buffer) => {
      const forward = (): void => {
        if (to.destroyed) return;
        to.write(bytes);
        seen(direction, bytes.toString('latin1'), monotonicMs());
      };
      if (stalled.has(direction)) held[direction].push(forward);
      else forward();
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const server = createServer((near) => {
    if (isSevered) return void near.destroy();
    const far = connect(brokerPort, '127.0.0.1');
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    pass(near, far, 'toBroker');
    pass(far, near, 'fromBroker');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    stall: (...directions) => directions.forEach((direction) => stalled.add(direction)),
    heal() {
      isSevered = false;
      for (const direction of stalled) for (const forward of held[direction].splice(0)) forward();
      stalled.clear();
    },
    sever() {
      isSevered = true;
      cut();
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
