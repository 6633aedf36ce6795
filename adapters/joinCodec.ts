import type { Adapter, Codec, FrameOutlet, Receipt, Transport } from '../src/model/adapter.ts';
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
          next: (packet) =>
            codec.decode(packet, packet.receipt === undefined ? outlet : noting(outlet, packet.receipt)),
          reject: (rejection) => outlet.reject(rejection),
          room: () => outlet.room(),
          report: ({ state, detail }) =>
            outlet.report({ state, detail: state === 'ok' && detail === '' ? (codec.found?.() ?? '') : detail }),
        },
        signal,
      ),
  };
}

/** An outlet that also notes what passes on the receipt of a packet. */
const noting = (outlet: FrameOutlet, receipt: Receipt): FrameOutlet => ({
  next(item) {
    receipt.acceptedCount++;
    outlet.next(item);
  },
  reject(rejection) {
    const { reason, detail } = rejection;
    receipt.rejectedCount++;
    receipt.firstRejection ??= { reason, detail };
    outlet.reject(rejection);
  },
  room: () => outlet.room(),
  report: (health) => outlet.report(health),
});
