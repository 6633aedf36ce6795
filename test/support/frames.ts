import { makeFrame, type Frame, type FrameParts, type MutableFrame } from '../../src/model/frame.ts';
import { spectrumLayout, type Layout, type Noise } from '../../src/model/layout.ts';

/** A plain layout of `size` channels, 0 to size - 1. */
export function channelLayout(size: number, noise: Noise = 'poisson'): Layout {
  return spectrumLayout(
    { name: 'channel', unit: '1', coordinates: Float64Array.from({ length: size }, (_, i) => i) },
    { quantity: 'counts', unit: '1', noise },
  );
}

/** Start of the test frames: a time every check of clocks believes. */
export const START_US = Date.UTC(2026, 0, 1) * 1000;

/** Frame number `seq` of a stream with one frame each 100 ms, fully exposed. */
export function testFrame(
  layout: Layout,
  seq: number,
  values: ArrayLike<number>,
  more: Partial<FrameParts> = {},
): MutableFrame {
  return makeFrame({
    stream: 's',
    seq,
    timeUs: START_US + seq * 100_000,
    exposureUs: 100_000,
    layout,
    values: Float64Array.from(values),
    ...more,
  });
}

/** What a test remembers of a frame. */
export const essence = (frame: Frame) => ({
  seq: frame.seq,
  values: [...frame.values],
  exposureUs: frame.exposureUs,
  unseenExposureUs: frame.unseenExposureUs,
});
