import type { Frame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';
import type { SlowSample } from '../model/signal.ts';
import { encodeCborItem } from './cborItem.ts';
import { frameForm, layoutForm, slowForm } from './wireForm.ts';

/** One frame as a CBOR map; arrays as RFC 8746 typed arrays (float64 little-endian, tag 86; mask uint8, tag 64). */
export const encodeFrameCbor = (frame: Frame, layoutId: string): Uint8Array =>
  encodeCborItem(frameForm(frame, layoutId));

/** One layout as a CBOR map; its `layoutId` is the hash of its content. */
export const encodeLayoutCbor = (layout: Layout, stream: string): Uint8Array =>
  encodeCborItem(layoutForm(layout, stream));

/** One slow sample as a CBOR map. */
export const encodeSlowCbor = (sample: SlowSample): Uint8Array => encodeCborItem(slowForm(sample));
