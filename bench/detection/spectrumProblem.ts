import { nextPoisson } from '../../src/kernel/random/poisson.ts';
import type { RandomState } from '../../src/kernel/random/xoshiro128.ts';
import { addGaussian, streamMean, type Peak, type Sample } from './streamMean.ts';
import { between } from './streamDrift.ts';

/** The problem on which spectral detectors are compared: one new peak of known width at an unknown place. */
export const PROBLEM = {
  channels: 256,
  countsPerFrame: 1576,
  peaks: [
    [40, 20, 2.4],
    [85, 35, 2.9],
    [120, 12, 3.3],
    [165, 28, 2.2],
    [215, 16, 3],
  ] satisfies Peak[],
  /** Background falls as 1.5 - 0.55 x from one end to the other, x from 0 to 1; its height makes up the counts. */
  backgroundFall: 0.55,
  /** Gaussian sigma of the new peak, channels. */
  sigma: 2.6,
  /** Least distance of the new peak from the centre of any other and from the ends, channels. */
  clearance: 8,
  /** Frames without a change after them; drawn evenly. */
  quietFrames: [50, 150],
  runLength: 1e4,
  information: [0.03, 0.1, 0.3, 1],
} as const;

const STILL = { intensity: 1, shift: 0, slope: 0 };

/** Mean counts per channel before the change. */
export function usualSpectrum(): Float64Array {
  const { channels, peaks, backgroundFall, countsPerFrame } = PROBLEM;
  const total = (sample: Sample): number =>
    streamMean(sample, STILL, null, new Float64Array(channels)).reduce((sum, value) => sum + value, 0);
  const onlyPeaks = total({ channels, peaks, background: [0, backgroundFall], scale: 1 });
  const onlyBackground = total({ channels, peaks: [], background: [1, backgroundFall], scale: 1 });
  const b0 = (countsPerFrame - onlyPeaks) / onlyBackground;
  return streamMean(
    { channels, peaks, background: [b0, backgroundFall], scale: 1 },
    STILL,
    null,
    new Float64Array(channels),
  );
}

/** A new peak: the mean after it has appeared, and the part of the spectrum it reaches. */
export interface NewPeak {
  readonly centre: number;
  readonly height: number;
  readonly mean: Float64Array;
  readonly from: number;
  /** Last channel of the part. */
  readonly to: number;
}

/** Draws a place, and gives the peak there the height at which a frame tells `information` nats. */
export function drawPeak(usual: Float64Array, information: number, state: RandomState): NewPeak {
  const { channels, peaks, sigma, clearance } = PROBLEM;
  let centre = 0;
  do centre = between(state, clearance, channels - clearance);
  while (peaks.some(([other]) => Math.abs(other - centre) < clearance));
  let [low, high] = [0, 1000];
  const withHeight = (height: number): Float64Array => {
    const mean = usual.slice();
    addGaussian(centre, height, sigma, mean);
    return mean;
  };
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (divergence(withHeight(middle), usual) < information) low = middle;
    else high = middle;
  }
  const from = Math.max(0, Math.ceil(centre - 5 * sigma));
  const to = Math.min(channels - 1, Math.floor(centre + 5 * sigma));
  return { centre, height: low, mean: withHeight(low), from, to };
}

/** Kullback-Leibler divergence per frame, nats. */
export function divergence(changed: Float64Array, usual: Float64Array): number {
  return changed.reduce((sum, mean, i) => sum + mean * Math.log(mean / usual[i]!) - mean + usual[i]!, 0);
}

/** Draws frames of the peak's part of the spectrum alone, and weighs each: the log-likelihood ratio of "it is there". */
export function createWitness(usual: Float64Array, { mean, from, to }: NewPeak, state: RandomState) {
  const logRatio = mean.map((value, i) => Math.log(value / usual[i]!));
  let expected = 0;
  for (let i = from; i <= to; i++) expected += mean[i]! - usual[i]!;
  return {
    /** Of a frame drawn here, before or after the change. */
    draw(isChanged: boolean): number {
      const means = isChanged ? mean : usual;
      let sum = -expected;
      for (let i = from; i <= to; i++) sum += logRatio[i]! * nextPoisson(state, means[i]!);
      return sum;
    },
  };
}
