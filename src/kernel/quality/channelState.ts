import type { ExcessNoise } from './excess.ts';

/** What is wrong with a channel: nothing; dead; too high; both by turns; dead since before the first frame. */
export const SOUND = 0;
export const DEAD = 1;
export const HOT = 2;
export const FLICKERING = 3;
export const NEVER_ALIVE = 4;

/** Frames of the reference, and how many of them a channel must have before it is judged. */
export const MEMORY = 64;
export const FEWEST = 8;
/** Weight of a new frame in the mean deviation over some frames, and over many. */
export const FAST = 0.5;
export const SLOW = 1 / 16;

/** What part of the variance of one frame such a mean has, around a reference of so many frames. */
export const partOf = (weight: number, frames: number): number => weight / (2 - weight) + 1 / frames;

/** Nats beyond which a run of zeros is no chance. */
export const mostZeros = (threshold: number): number => 0.5 * threshold * threshold;

/** What is remembered of each channel [n]; plain data. */
export type ChannelState = {
  /** Mean of the frames before. */
  reference: Float64Array;
  /** Mean of the squared deviations. */
  squares: Float64Array;
  /** Frames in these means. */
  seen: Float64Array;
  /** Mean deviation over some frames, and over many. */
  fast: Float64Array;
  slow: Float64Array;
  /** How improbable the zeros in a row up to now are, nats. */
  empty: Float64Array;
  /** 1 = was above zero once. */
  alive: Uint8Array;
  /** Frames in a row in which the channel stood alone: positive above, negative below. */
  alone: Float64Array;
  /** SOUND, DEAD, HOT, FLICKERING or NEVER_ALIVE. */
  fault: Uint8Array;
  /** Frames for which a broken channel is still left out. */
  held: Uint8Array;
  /** Frames in a row in which a broken channel was as expected. */
  calm: Uint8Array;
  /** [5] the channel found last of each fault, -1 when none is left; and the most standard deviations it reached. */
  newest: Float64Array;
  strength: Float64Array;
};

export interface ChannelOptions {
  /** Full width at half maximum of the narrowest line the instrument can show, channels. */
  readonly resolution: number;
  /** Standard deviations that no channel of a quiet stream passes more often than stated. */
  readonly threshold: number;
  readonly noise: ExcessNoise | 'estimated';
}

/** A frame to look at. */
export interface ChannelFrame {
  readonly values: Float64Array;
  readonly variances: Float64Array | null;
  /** [n] 1 = do not use. */
  readonly bad: Uint8Array;
  /** [n] 1 = hit by a cosmic ray. */
  readonly spikes: Uint8Array;
}

/** Scratch and result of `judgeChannels`. */
export interface ChannelWork {
  /** [n] 1 = leave out: broken, or alone in this frame. */
  readonly left: Uint8Array;
  readonly unusable: Uint8Array;
  /** [n] 1 = says nothing about its surroundings. */
  readonly aside: Uint8Array;
  /** [n] 1 = worth a look. */
  readonly suspects: Uint8Array;
  readonly deviations: Float64Array;
  readonly variances: Float64Array;
  /** What is expected. */
  readonly level: Float64Array;
  /** Channels left out because they are broken. */
  broken: number;
}

export function createChannelState(n: number): ChannelState {
  return {
    reference: new Float64Array(n),
    squares: new Float64Array(n),
    seen: new Float64Array(n),
    fast: new Float64Array(n),
    slow: new Float64Array(n),
    empty: new Float64Array(n),
    alive: new Uint8Array(n),
    alone: new Float64Array(n),
    fault: new Uint8Array(n),
    held: new Uint8Array(n),
    calm: new Uint8Array(n),
    newest: new Float64Array(5).fill(-1),
    strength: new Float64Array(5),
  };
}

export function createChannelWork(n: number): ChannelWork {
  return {
    left: new Uint8Array(n),
    unusable: new Uint8Array(n),
    aside: new Uint8Array(n),
    suspects: new Uint8Array(n),
    deviations: new Float64Array(n),
    variances: new Float64Array(n),
    level: new Float64Array(n),
    broken: 0,
  };
}
