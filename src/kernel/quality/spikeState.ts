import { createFrameNoise, type FrameNoise } from '../change/channelNoise.ts';
import type { ExcessNoise } from './excess.ts';
import { createLevelWork, type LevelWork } from './localLevel.ts';

/** What is remembered of the frames before. */
export type SpikeState = {
  /** [n] mean of the last frames. */
  reference: Float64Array;
  /** [n] mean of their squared distance from the level expected of them. */
  squares: Float64Array;
  /** [n] frames in these means. */
  seen: Float64Array;
  /** [n] 1 = stood out in the frame before. */
  hit: Uint8Array;
};

export interface SpikeOptions {
  /** Standard deviations. */
  readonly threshold: number;
  /** Widest spike. */
  readonly width: number;
  /** Frames of the reference. */
  readonly memory: number;
  readonly noise: ExcessNoise | 'estimated';
}

/** A frame to look at. */
export interface SpikeFrame {
  readonly values: Float64Array;
  readonly variances: Float64Array | null;
  readonly bad: Uint8Array;
}

/** Scratch and result of {@link findSpikes}. */
export interface SpikeWork {
  /** [n] 1 = hit. */
  readonly spikes: Uint8Array;
  /** [n] 1 = stands out, hit or not. */
  readonly standing: Uint8Array;
  readonly unusable: Uint8Array;
  readonly level: Float64Array;
  readonly variances: Float64Array;
  readonly sigmas: Float64Array;
  readonly fit: LevelWork;
  readonly frameNoise: FrameNoise;
  /** Channels hit in all. */
  count: number;
  /** Of the strongest spike: standard deviations, first and last channel. */
  strongest: number;
  from: number;
  to: number;
}

export function createSpikeState(n: number): SpikeState {
  return {
    reference: new Float64Array(n),
    squares: new Float64Array(n),
    seen: new Float64Array(n),
    hit: new Uint8Array(n),
  };
}

export function createSpikeWork(n: number): SpikeWork {
  return {
    spikes: new Uint8Array(n),
    standing: new Uint8Array(n),
    unusable: new Uint8Array(n),
    level: new Float64Array(n),
    variances: new Float64Array(n),
    sigmas: new Float64Array(n),
    fit: createLevelWork(n),
    frameNoise: createFrameNoise(n),
    count: 0,
    strongest: 0,
    from: 0,
    to: 0,
  };
}
