import { afterEach } from 'vitest';
import cbor from '../../../adapters/codecs/cbor.ts';
import { joinCodec } from '../../../adapters/joinCodec.ts';
import type { Adapter, Codec, Transport } from '../../../src/model/adapter.ts';
import { encodeFrameCbor, encodeLayoutCbor } from '../../../src/wire/frameCbor.ts';
import { layoutIdOf } from '../../../src/wire/layoutId.ts';
import { channelLayout, testFrame } from '../../support/frames.ts';
import { createCollector, settingOf } from '../collect.ts';

/** What a sender sends: a layout of 64 channels and frames on it. */
const layout = channelLayout(64);
export const layoutBytes = encodeLayoutCbor(layout, 's');
export const frameBytes = (seq: number): Uint8Array =>
  encodeFrameCbor(testFrame(layout, seq, new Float64Array(64).fill(seq)), layoutIdOf(layout));
export const setting = settingOf('/', { stream: 's' });

/** Runs adapters until the test is over, and then what else is to be cleaned up, the last first. */
export function useTransports() {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
  });
  const startAdapter = (adapter: Adapter, room: () => Promise<void> | null) => {
    const collector = createCollector();
    const outlet = { ...collector.outlet, room };
    const running = adapter.run(outlet, collector.signal);
    const stop = async (): Promise<void> => {
      collector.abort();
      await running;
    };
    cleanups.push(stop);
    return { ...collector.collected, stop };
  };
  return {
    /** Kept connected with short waits. */
    start: (
      transport: Transport,
      codec: Codec = cbor.create(cbor.config.parse({}), setting),
      room: () => Promise<void> | null = () => null,
    ) => startAdapter(joinCodec(transport, codec, { firstMs: 20, longestMs: 50 }), room),
    afterwards: (clean: () => unknown): void => void cleanups.push(clean),
  };
}
