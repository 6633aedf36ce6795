import { dot } from '../array/dot.ts';
import { weighChannels } from './channelWeights.ts';
import type { EvolutionFrames, EvolutionOptions, EvolutionWorkspace } from './evolutionState.ts';
import { layNuisances, orthogonal } from './evolutionNuisances.ts';

/** Makes reference, weights and products anew; at first of raw frames. */
export function renewReference(state: EvolutionFrames, options: EvolutionOptions, work: EvolutionWorkspace): void {
  const { reference, frames, count, precision, nuisances } = state;
  const n = reference.length;
  const isFirst = state.since < 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += frames[k * n + i]!;
    reference[i] = reference[i]! + sum / count;
    if (!isFirst) for (let k = 0; k < count; k++) frames[k * n + i] = frames[k * n + i]! - sum / count;
  }
  for (let k = 0; isFirst && k < count; k++) {
    const frame = frames.subarray(k * n, (k + 1) * n);
    const gain = options.ignore.includes('gain') ? gainOf(frame, reference, precision.fill(1)) : 1;
    for (let i = 0; i < n; i++) frame[i] = gain > 0 ? frame[i]! / gain - reference[i]! : 0;
  }
  weighChannels(state, options.noise, work.channels, precision);
  layNuisances(options.ignore, options.x, state, nuisances);
  for (let k = 0; k < count; k++) orthogonal(frames.subarray(k * n, (k + 1) * n), precision, nuisances);
  for (let k = 0; k < count; k++) multiplyFrame(state, k, work);
  state.since = 0;
}

/** Products of a frame with all up to it. */
export function multiplyFrame(
  { frames, products, times, precision }: EvolutionFrames,
  at: number,
  work: EvolutionWorkspace,
): void {
  const n = precision.length;
  const memory = times.length;
  const { weighted } = work;
  for (let i = 0; i < n; i++) weighted[i] = precision[i]! * frames[at * n + i]!;
  for (let k = 0; k <= at; k++) {
    const product = dot(weighted, frames.subarray(k * n, (k + 1) * n));
    products[at * memory + k] = product;
    products[k * memory + at] = product;
  }
}

/** Gain of a spectrum over the reference, channels weighed, masked ones left out; 0 when there is no reference. */
export function gainOf(
  values: Float64Array,
  reference: Float64Array,
  precision: Float64Array,
  mask?: Uint8Array,
): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask?.[i] === 1) continue;
    product += precision[i]! * reference[i]! * values[i]!;
    square += precision[i]! * reference[i]! * reference[i]!;
  }
  return square > 0 ? product / square : 0;
}
