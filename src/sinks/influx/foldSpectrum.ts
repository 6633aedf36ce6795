import type { Frame } from '../../model/frame.ts';
import { axisLength, channelCentre, fastAxis, type Layout } from '../../model/layout.ts';

/** How the channels of a layout are folded onto at most 256 fields. */
export interface Fold {
  readonly layout: Layout;
  /** Number of fields. */
  readonly binCount: number;
  /** [fast axis] field of each channel. */
  readonly binOf: Uint16Array;
  /** [binCount] mean coordinate of the channels of each field, in the unit of the axis. */
  readonly centres: Float64Array;
}

/**
 * Neighbouring channels of the fast axis share a field, as evenly as their number allows.
 *
 * @param maxBins - fields at most, 1 to 256.
 */
export function foldOf(layout: Layout, maxBins: number): Fold {
  const axis = fastAxis(layout);
  const length = axisLength(axis);
  const binCount = Math.min(maxBins, length);
  const binOf = new Uint16Array(length);
  const centres = new Float64Array(binCount);
  const counts = new Uint32Array(binCount);
  for (let i = 0; i < length; i++) {
    const bin = Math.floor((i * binCount) / length);
    binOf[i] = bin;
    centres[bin]! += channelCentre(axis, i);
    counts[bin]!++;
  }
  for (let bin = 0; bin < binCount; bin++) centres[bin]! /= counts[bin]!;
  return { layout, binCount, binOf, centres };
}

/**
 * Mean per channel of each field, over slower axes too: a mean, because fields of three and of four channels stand side by side.
 *
 * @returns [binCount] new array, in the unit of the frame; NaN where every channel is masked.
 */
export function foldSpectrum(frame: Frame, { binCount, binOf }: Fold): Float64Array {
  const sums = new Float64Array(binCount);
  const counts = new Uint32Array(binCount);
  const { values, mask } = frame;
  const length = binOf.length;
  for (let start = 0; start < values.length; start += length)
    for (let i = 0; i < length; i++) {
      if (mask !== undefined && mask[start + i] === 1) continue;
      const bin = binOf[i]!;
      sums[bin]! += values[start + i]!;
      counts[bin]!++;
    }
  for (let bin = 0; bin < binCount; bin++) sums[bin]! /= counts[bin]!;
  return sums;
}
