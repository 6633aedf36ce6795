import type { Rejection } from '../model/adapter.ts';
import { FrameFlag, type Frame, type MutableFrame } from '../model/frame.ts';

/** Earliest time stamp believed: instruments with a dead clock battery say 1970 or 1904. */
const EARLIEST_US = Date.UTC(1980, 0, 1) * 1000;

/** Judges a frame by itself. Returns why it cannot be used, or null. */
export function refusal(frame: Frame, latestUs: number): Rejection | null {
  const { layout, seq, timeUs, exposureUs } = frame;
  if (frame.values.length !== layout.size)
    return { reason: 'length', detail: `frame ${seq} has ${frame.values.length} values, its layout ${layout.size}` };
  if (!Number.isSafeInteger(seq) || seq < 0)
    return { reason: 'garbage', detail: `frame number ${seq} is not a whole number` };
  if (!(exposureUs >= 0 && exposureUs < Infinity))
    return { reason: 'garbage', detail: `frame ${seq} says it was exposed for ${exposureUs} us` };
  if (!Number.isSafeInteger(timeUs) || timeUs < EARLIEST_US || timeUs > latestUs)
    return { reason: 'clock', detail: `frame ${seq} is dated ${dateOf(timeUs)}` };
  return null;
}

function dateOf(timeUs: number): string {
  const date = new Date(timeUs / 1000);
  return Number.isNaN(date.getTime()) ? `${timeUs} us` : date.toISOString();
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
