import { createChannelWeights, type ChannelWeights, type EvolutionNoise } from './channelWeights.ts';
import type { EvolutionNuisance } from './evolutionNuisances.ts';

/** How a steady evolution of a spectrum is followed. */
export interface EvolutionOptions {
  /** [n] coordinates of the channels. */
  readonly x: Float64Array;
  /** Frames remembered, >= 8. */
  readonly memory: number;
  readonly noise: EvolutionNoise;
  /** What is projected out of every frame. */
  readonly ignore: readonly EvolutionNuisance[];
}

/** The frames remembered, oldest first, and their products. Plain data; bounded. */
export type EvolutionFrames = {
  /** [memory * n] deviations from the reference at gain 1, free of what is ignored; raw before the first reference. */
  frames: Float64Array;
  /** [memory * memory] their products, each channel weighed by 1 over its variance. */
  products: Float64Array;
  /** [memory] times, us. */
  times: Float64Array;
  /** [memory] exposure over that of the first frame, 1 at most. */
  weights: Float64Array;
  count: number;
  /** [n] mean spectrum; of use once `since` >= 0. */
  reference: Float64Array;
  /** [n] 1 over the variance of each channel; 0 = not used. */
  precision: Float64Array;
  /** [ignored * n] directions that mean nothing, orthonormal. */
  nuisances: Float64Array;
  /** [n] last variances given with a frame. */
  given: Float64Array;
  /** Frames since the reference was made anew; -1 before the first. */
  since: number;
};

/** Room for one frame. */
export interface EvolutionWorkspace {
  readonly weighted: Float64Array;
  readonly channels: ChannelWeights;
}

export function createEvolutionFrames({ x, memory, ignore }: EvolutionOptions): EvolutionFrames {
  const n = x.length;
  return {
    frames: new Float64Array(memory * n),
    products: new Float64Array(memory * memory),
    times: new Float64Array(memory),
    weights: new Float64Array(memory),
    count: 0,
    reference: new Float64Array(n),
    precision: new Float64Array(n),
    nuisances: new Float64Array(ignore.length * n),
    given: new Float64Array(n).fill(1),
    since: -1,
  };
}

export function createEvolutionWorkspace(n: number): EvolutionWorkspace {
  return { weighted: new Float64Array(n), channels: createChannelWeights(n) };
}
