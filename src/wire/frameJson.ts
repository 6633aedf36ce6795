import type { Frame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';
import type { SlowSample } from '../model/signal.ts';
import { encodeJsonItem } from './jsonItem.ts';
import { frameForm, layoutForm, slowForm } from './wireForm.ts';

/** One frame as JSON in UTF-8; a value that is not finite is null. */
export const encodeFrameJson = (frame: Frame, layoutId: string): Uint8Array =>
  encodeJsonItem(frameForm(frame, layoutId));

/** One layout as JSON in UTF-8; its `layoutId` is the hash of its content. */
export const encodeLayoutJson = (layout: Layout, stream: string): Uint8Array =>
  encodeJsonItem(layoutForm(layout, stream));

/** One slow sample as JSON in UTF-8. */
export const encodeSlowJson = (sample: SlowSample): Uint8Array => encodeJsonItem(slowForm(sample));
