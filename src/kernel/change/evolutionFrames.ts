import { orthogonal } from './evolutionNuisances.ts';
import { gainOf, multiplyFrame, renewReference } from './evolutionReference.ts';
import type { EvolutionFrames, EvolutionOptions, EvolutionWorkspace } from './evolutionState.ts';
import { LEAST } from './turningPoint.ts';

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
    const gain = options.ignore.includes('gain') ? gainOf(weighted, reference, precision, mask) : 1;
    if (!(gain > 0)) return false;
    // What stands in for a masked channel is of the gain of the reference already.
    for (let i = 0; i < n; i++) weighted[i] = (mask?.[i] === 1 ? weighted[i]! : weighted[i]! / gain) - reference[i]!;
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
