import type { Adapter, Codec, Transport } from '../src/model/adapter.ts';
import { withReconnect } from './withReconnect.ts';
import type { ReconnectOptions } from './withReconnect.ts';

/** An adapter made of a transport, which is kept connected, and of a codec that understands what it brings. */
export function joinCodec(transport: Transport, codec: Codec, reconnect: ReconnectOptions = {}): Adapter {
  const connected = withReconnect(transport, reconnect);
  return {
    name: `${transport.name}+${codec.name}`,
    run: (outlet, signal) =>
      connected.run(
        {
          next: (packet) => codec.decode(packet, outlet),
          reject: (rejection) => outlet.reject(rejection),
          report: (health) => outlet.report(health),
        },
        signal,
      ),
  };
}
