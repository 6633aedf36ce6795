import type { Frame } from '../../model/frame.ts';
import type { Layout } from '../../model/layout.ts';
import type { Signal } from '../../model/signal.ts';

/** How much of a frame is written. */
export type FrameDetail = 'none' | 'summary' | 'full';

/**
 * A signal as one line of JSON (no line end): `type`, `node`, `time` (ISO, UTC), then its own fields.
 * A number that JSON cannot say is written as null and named under `nonFinite` by its path: `{"values.7": "NaN"}`.
 *
 * @param from - id of the node that emitted it.
 * @param layout - written along with the frame when not null, so that a file explains itself.
 */
export function signalLine(signal: Signal, from: string, detail: FrameDetail, layout: Layout | null): string {
  const { type, ...fields } = signal.type === 'frame' ? frameFields(signal, detail, layout) : signal;
  const nonFinite: Record<string, string> = {};
  const body = plain({ type, node: from, time: isoTime(signal.timeUs), ...fields }, '', nonFinite);
  return JSON.stringify(Object.keys(nonFinite).length === 0 ? body : { ...(body as object), nonFinite });
}

/** ISO 8601 in UTC with microseconds; null when the time is beyond the calendar. */
function isoTime(timeUs: number): string | null {
  const milliseconds = Math.floor(timeUs / 1000);
  if (!(Math.abs(milliseconds) <= 8.64e15)) return null;
  const microseconds = String(Math.floor(timeUs - milliseconds * 1000)).padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('Z', `${microseconds}Z`);
}

function frameFields(frame: Frame, detail: FrameDetail, layout: Layout | null) {
  const { values, variances, mask, layout: _shared, ...header } = frame;
  const arrays = detail === 'full' ? { values, variances, mask } : summary(frame);
  return { ...header, ...arrays, ...(layout === null ? {} : { layout }) };
}

function summary({ values, mask, layout }: Frame) {
  let total = 0;
  let largest = -Infinity;
  let maskedCount = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask !== undefined && mask[i] === 1) {
      maskedCount++;
      continue;
    }
    total += values[i]!;
    largest = Math.max(largest, values[i]!);
  }
  return { channelCount: values.length, maskedCount, total, largest, quantity: layout.quantity, unit: layout.unit };
}

function plain(value: unknown, path: string, nonFinite: Record<string, string>): unknown {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    nonFinite[path] = String(value);
    return null;
  }
  if (typeof value !== 'object' || value === null) return value;
  const below = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return Array.from(value as ArrayLike<unknown>, (item, i) => plain(item, below(i), nonFinite));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, below(key), nonFinite)]));
}
