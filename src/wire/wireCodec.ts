import type { Codec } from '../model/adapter.ts';
import type { WireLimits } from './limits.ts';
import { WireError } from './wireError.ts';
import { isWireMap } from './wireFields.ts';
import { createWireReader } from './wireReader.ts';
import type { WireReaderOptions } from './wireReader.ts';

export interface WireCodecOptions extends WireReaderOptions {
  readonly name: string;
  readonly limits: WireLimits;
  /** Takes frames and layouts of this stream only, when several share a wire; undefined takes all. */
  readonly only?: string | undefined;
  decodeItem(bytes: Uint8Array, limits: WireLimits): unknown;
}

/** A codec of the wire format: what cannot be used is handed to `reject` with its reason, and the next packet is as good as any. */
export function createWireCodec(options: WireCodecOptions): Codec {
  const { name, limits, only } = options;
  const reader = createWireReader(options);
  return {
    name,
    decode(packet, outlet) {
      try {
        const item = options.decodeItem(packet.bytes, limits);
        const stream = only !== undefined && isWireMap(item) ? item['stream'] : undefined;
        if (stream !== undefined && stream !== only) return;
        const received = reader.read(item, packet.channel);
        if (received !== null) outlet.next(received);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        outlet.reject({ reason: error.reason, detail: error.message, bytes: packet.bytes });
      }
    },
  };
}
