import { encodeFrameCbor, encodeLayoutCbor } from '../../src/wire/frameCbor.ts';
import { layoutIdOf } from '../../src/wire/layoutId.ts';
import type { Packet } from '../../src/model/adapter.ts';
import { createSimulator } from '../../simulators/createSimulator.ts';
import { cloneFrame, type MutableFrame } from '../../src/model/frame.ts';

/** An endless supply of frames as they come off the wire, made in blocks so that making them is not measured. */
export interface PacketSource {
  readonly layoutPacket: Packet;
  /** The next `count` frames. */
  next(count: number): Packet[];
}

/** Different frames before they repeat; numbers and times always go on. */
const DISTINCT = 512;
const PERIOD_US = 1000;

export function createPacketSource(channels: number): PacketSource {
  const simulator = createSimulator('xrd-heating:drift-only', { seed: 1, channels, framesPerSecond: 1000 });
  const frames: MutableFrame[] = Array.from({ length: DISTINCT }, () => cloneFrame(simulator.next().frame));
  const layout = simulator.layout;
  const layoutId = layoutIdOf(layout);
  const startUs = Date.UTC(2026, 0, 1) * 1000;
  const packet = (bytes: Uint8Array): Packet => ({ channel: 'frames/xrd', bytes, receivedUs: startUs });
  let seq = 0;
  return {
    layoutPacket: { ...packet(encodeLayoutCbor(layout, 'xrd')), channel: 'layouts/xrd' },
    next: (count) =>
      Array.from({ length: count }, () => {
        // Forth and back, so that the drift of the simulator has no jump.
        const place = seq % (2 * DISTINCT - 2);
        const frame = frames[place < DISTINCT ? place : 2 * DISTINCT - 2 - place]!;
        frame.stream = 'xrd';
        frame.seq = seq;
        frame.timeUs = startUs + seq * PERIOD_US;
        frame.exposureUs = PERIOD_US;
        seq++;
        return packet(encodeFrameCbor(frame, layoutId).slice());
      }),
  };
}
