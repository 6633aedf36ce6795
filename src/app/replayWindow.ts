import type { Recording } from '../recording/reader.ts';
import { UsageError } from './command.ts';
import { ALL_TIMES, type TimeWindow } from './recordedFeed.ts';

/**
 * The part of a recording that was asked for. A place is a time ('2024-05-01T12:00:00Z'), a frame number of the first
 * stream or of the one that is named ('1200'), or a share of the whole ('50%').
 *
 * @param from - first frame; undefined for the beginning.
 * @param to - first frame no more; undefined for the end.
 * @throws UsageError for a place that cannot be read or lies outside.
 */
export function windowOf(
  recording: Recording,
  from: string | undefined,
  to: string | undefined,
  stream: string | undefined,
): TimeWindow {
  if (from === undefined && to === undefined) return ALL_TIMES;
  const fromUs = from === undefined ? -Infinity : timeOf(recording, '--from', from, stream);
  const toUs = to === undefined ? Infinity : timeOf(recording, '--to', to, stream);
  if (fromUs < toUs) return { fromUs, toUs };
  throw new UsageError(`--from ${from} is not before --to ${to}`);
}

function timeOf(recording: Recording, option: string, text: string, stream: string | undefined): number {
  const extent = recording.extent();
  const streams = Object.values(extent);
  if (streams.length === 0) throw new UsageError(`there are no frames in ${recording.directory}`);
  const firstUs = Math.min(...streams.map(({ firstTimeUs }) => firstTimeUs));
  const lastUs = Math.max(...streams.map(({ lastTimeUs }) => lastTimeUs));
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share !== undefined && Number(share) <= 100)
    return Math.round(firstUs + (Number(share) / 100) * (lastUs + 1 - firstUs));
  if (/^\d+$/.test(text)) return timeOfFrame(recording, option, Number(text), stream ?? Object.keys(extent)[0] ?? '');
  const timeUs = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) * 1000 : NaN;
  if (timeUs >= firstUs && timeUs <= lastUs + 1) return timeUs;
  const dates = [firstUs, lastUs].map((us) => new Date(us / 1000).toISOString());
  throw new UsageError(
    `${option} expects a time from ${dates.join(' to ')}, the number of a frame, or a share as 50%, got '${text}'`,
  );
}

function timeOfFrame(recording: Recording, option: string, seq: number, stream: string): number {
  const found = recording.extent()[stream];
  if (found === undefined)
    throw new UsageError(`there is no stream '${stream}', but ${Object.keys(recording.extent()).join(', ')}`);
  for (const item of recording.items({ stream, seq }))
    if (item.type === 'frame' && item.stream === stream) return item.timeUs;
  throw new UsageError(`${option} expects a frame from ${found.firstSeq} to ${found.lastSeq} of ${stream}, got ${seq}`);
}
