import type { Rejection } from '../model/adapter.ts';
import { FrameFlag, type Frame, type MutableFrame } from '../model/frame.ts';

/** What is known of the frames that came before, to judge the next one by. */
export interface ArrivalRecord {
  seq: number;
  timeUs: number;
  exposureUs: number;
  isFirst: boolean;
}

export function createArrivalRecord(): ArrivalRecord {
  return { seq: -1, timeUs: -Infinity, exposureUs: 0, isFirst: true };
}

/** Earliest time stamp believed: instruments with a dead clock battery say 1970 or 1904. */
const EARLIEST_US = Date.UTC(1980, 0, 1) * 1000;

/** Judges a frame by itself and by what came before. Returns why it cannot be used, or null. */
export function refusal(frame: Frame, before: ArrivalRecord, latestUs: number): Rejection | null {
  const { layout, seq, timeUs, exposureUs } = frame;
  if (frame.values.length !== layout.size)
    return { reason: 'length', detail: `frame ${seq} has ${frame.values.length} values, its layout ${layout.size}` };
  if (!Number.isSafeInteger(seq) || seq < 0)
    return { reason: 'garbage', detail: `frame number ${seq} is not a whole number` };
  if (!(exposureUs >= 0 && exposureUs < Infinity))
    return { reason: 'garbage', detail: `frame ${seq} says it was exposed for ${exposureUs} us` };
  if (!Number.isSafeInteger(timeUs) || timeUs < EARLIEST_US || timeUs > latestUs)
    return { reason: 'clock', detail: `frame ${seq} is dated ${dateOf(timeUs)}` };
  if (before.isFirst) return null;
  if (seq === before.seq) return { reason: 'duplicate', detail: `frame ${seq} came twice` };
  if (seq < before.seq && timeUs <= before.timeUs)
    return { reason: 'outOfOrder', detail: `frame ${seq} came after frame ${before.seq}` };
  return null;
}

function dateOf(timeUs: number): string {
  const date = new Date(timeUs / 1000);
  return Number.isNaN(date.getTime()) ? `${timeUs} us` : date.toISOString();
}

/** Frames missing between the last one and this. A number that runs backwards at a later time is a restarted source: none known to be lost. */
export function lostBefore(frame: Frame, before: ArrivalRecord): number {
  return before.isFirst || frame.seq < before.seq ? 0 : frame.seq - before.seq - 1;
}

/** Exposure that lost frames delivered unseen: never more than fits between the frames. */
export function lostExposureUs(frame: Frame, before: ArrivalRecord, lost: number): number {
  if (lost === 0) return 0;
  const betweenUs = Math.max(0, frame.timeUs - before.timeUs - before.exposureUs);
  return Math.min(lost * before.exposureUs, betweenUs);
}

/** Masks channels that are not finite, or negative where counts are expected. Returns how many. */
export function maskUnusable(frame: MutableFrame, spareMask: () => Uint8Array): number {
  const values = frame.values;
  const noise = frame.layout.noise;
  const lowest = noise === 'poisson' || noise === 'scaledPoisson' ? 0 : -Infinity;
  let unusable = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= lowest && value < Infinity && value > -Infinity)) unusable++;
  }
  if (unusable === 0) return 0;
  if (frame.mask === undefined) frame.mask = spareMask();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= lowest && value < Infinity && value > -Infinity) continue;
    values[i] = 0;
    frame.mask[i] = 1;
  }
  frame.flags |= FrameFlag.masked;
  return unusable;
}
