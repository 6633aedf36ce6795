import { createChannelWeights, type ChannelWeights, type EvolutionNoise } from './channelWeights.ts';
import { orthogonal, type EvolutionNuisance } from './evolutionNuisances.ts';
import { gainOf, multiplyFrame, renewReference } from './evolutionReference.ts';
import { LEAST } from './turningPoint.ts';

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

/** Forgets the oldest frames. */
export function forgetFrames(state: EvolutionFrames, lost: number): void {
  const { frames, products, times, weights, reference } = state;
  const memory = times.length;
  frames.copyWithin(0, lost * reference.length);
  times.copyWithin(0, lost);
  weights.copyWithin(0, lost);
  state.count -= lost;
  for (let i = 0; i < state.count; i++)
    products.copyWithin(i * memory, (i + lost) * memory + lost, (i + lost) * memory + lost + state.count);
}

/**
 * Takes a frame in. Channels of it that are masked are taken to be as in the frame before.
 *
 * @param factor - what its values are multiplied by: to the exposure of the first frame.
 * @returns false when it has no intensity to go by, and is left out.
 */
export function takeEvolutionFrame(
  state: EvolutionFrames,
  frame: {
    readonly values: Float64Array;
    readonly variances?: Float64Array | undefined;
    readonly mask?: Uint8Array | undefined;
    readonly timeUs: number;
    readonly factor: number;
  },
  options: EvolutionOptions,
  work: EvolutionWorkspace,
): boolean {
  const { values, variances, mask, timeUs, factor } = frame;
  const n = values.length;
  const { weighted } = work;
  const { reference, precision, frames } = state;
  const before = (state.count - 1) * n;
  let isEmpty = true;
  for (let i = 0; i < n; i++) {
    const old = state.count > 0 ? frames[before + i]! + (state.since < 0 ? 0 : reference[i]!) : 0;
    const isMasked = mask?.[i] === 1;
    if (!isMasked && values[i] !== 0) isEmpty = false;
    weighted[i] = isMasked ? old : factor * values[i]!;
  }
  if (isEmpty) return false;
  if (state.since >= 0) {
    const gain = options.ignore.includes('gain') ? gainOf(weighted, reference, precision) : 1;
    if (!(gain > 0)) return false;
    for (let i = 0; i < n; i++) weighted[i] = weighted[i]! / gain - reference[i]!;
    orthogonal(weighted, precision, state.nuisances);
  }
  if (state.count === options.memory) forgetFrames(state, 1);
  const at = state.count++;
  frames.set(weighted, at * n);
  if (variances !== undefined)
    for (let i = 0; i < n; i++) if (mask?.[i] !== 1) state.given[i] = factor * factor * variances[i]!;
  state.times[at] = timeUs;
  state.weights[at] = Math.min(1, 1 / factor);
  if (state.since >= 0 && ++state.since < Math.max(4, state.count >> 1)) multiplyFrame(state, at, work);
  else if (state.count >= LEAST) renewReference(state, options, work);
  return true;
}
