import type { Frame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';
import type { SlowSample } from '../model/signal.ts';
import { encodeCborItem } from './cborItem.ts';
import { CborWriter, createCborTarget } from './cborWriter.ts';
import { layoutForm } from './wireForm.ts';
import { frameMostBytes, slowMostBytes, writeFrame, writeSlow } from './writeFrame.ts';

const writer = new CborWriter();
let scratch = createCborTarget(16 * 1024);

function startAfresh(mostBytes: number): void {
  if (scratch.bytes.length < mostBytes) scratch = createCborTarget(mostBytes);
  writer.aim(scratch, 0);
}
const written = (): Uint8Array => new Uint8Array(scratch.bytes.subarray(0, writer.at));

/** One frame as a CBOR map; arrays as RFC 8746 typed arrays (float64 little-endian, tag 86; mask uint8, tag 64). */
export function encodeFrameCbor(frame: Frame, layoutId: string): Uint8Array {
  startAfresh(frameMostBytes(frame));
  writeFrame(writer, frame, layoutId);
  return written();
}

/** One layout as a CBOR map; its `layoutId` is the hash of its content. */
export const encodeLayoutCbor = (layout: Layout, stream: string): Uint8Array =>
  encodeCborItem(layoutForm(layout, stream));

/** One slow sample as a CBOR map. */
export function encodeSlowCbor(sample: SlowSample): Uint8Array {
  startAfresh(slowMostBytes(sample));
  writeSlow(writer, sample);
  return written();
}
