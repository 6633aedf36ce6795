import { fillPoisson } from '../../src/kernel/random/poisson.ts';
import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import type { Frame, FrameParts } from '../../src/model/frame.ts';
import { channelLayout, testFrame } from './frames.ts';

/** Channels of the test spectra. */
export const SIZE = 128;
export const SIGMA = 2.2;
/** No drift and no change. */
export const QUIET: Present = {};
const USUAL = [
  [22, 9],
  [58, 14],
  [101, 6],
] as const;

/** How a spectrum differs from the usual one. */
export interface Present {
  readonly gain?: number;
  /** Channels: a channel i shows the true position i + shift. */
  readonly shift?: number;
  /** Of the background, from one end to the other, relative. */
  readonly slope?: number;
  /** Added to the variance of each line, channels squared. */
  readonly broadening?: number;
  /** Height of the usual lines, relative. */
  readonly lines?: number;
  /** More lines: true position, height. */
  readonly extra?: readonly (readonly [at: number, height: number])[];
}

const line = (i: number, at: number, height: number, variance: number) =>
  height * Math.sqrt(SIGMA ** 2 / variance) * Math.exp(-((i - at) ** 2) / (2 * variance));

/** Mean counts of one frame: three lines on a background that falls by a third, about 6 counts per channel. */
export function usualMeans({
  gain = 1,
  shift = 0,
  slope = 0,
  broadening = 0,
  lines = 1,
  extra = [],
}: Present = {}): Float64Array {
  const variance = SIGMA ** 2 + broadening;
  return Float64Array.from({ length: SIZE }, (_, i) => {
    const at = i + shift;
    let mean = 5 * (1.2 - (0.4 * at) / SIZE) * (1 + (slope * (at - SIZE / 2)) / SIZE);
    for (const [centre, height] of USUAL) mean += lines * line(at, centre, height, variance);
    for (const [centre, height] of extra) mean += line(at, centre, height, variance);
    return gain * mean;
  });
}

/** Frames of counts, of the spectra that `present` gives by number. */
export function countFrames(
  count: number,
  present: (seq: number) => Present = () => QUIET,
  { seed = 1, clump = 1, from = 0, more = () => ({}) }: CountSetting = {},
): Frame[] {
  const random = seedXoshiro128(seed, 7);
  const layout = countLayout;
  const known = new Map<Present, Float64Array>();
  return Array.from({ length: count }, (_, k) => {
    const seq = from + k;
    const now = present(seq);
    const means = known.get(now) ?? usualMeans(now).map((mean) => mean / clump);
    known.set(now, means);
    const values = fillPoisson(random, means, new Float64Array(SIZE)).map((value) => value * clump);
    return testFrame(layout, seq, values, more(seq));
  });
}

interface CountSetting {
  readonly seed?: number;
  /** What one count stands for. */
  readonly clump?: number;
  /** Number of the first frame. */
  readonly from?: number;
  readonly more?: (seq: number) => Partial<FrameParts>;
}

const countLayout = channelLayout(SIZE);
