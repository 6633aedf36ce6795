import { frameVariances } from './channelNoise.ts';
import type { TestedFrame, TwoSampleState, TwoSampleWork } from './twoSampleState.ts';

/** Weights of the fit, one over the variance of now - reference; leaves the variances in the work. */
export function weigh(
  state: TwoSampleState,
  now: Float64Array,
  window: number,
  frame: TestedFrame,
  work: TwoSampleWork,
): Float64Array {
  const { options, weights, variances, learned, expected } = work;
  const n = weights.length;
  const base = expected.fit.directions[0]!;
  const ratio = window / state.frames.referenceCount;
  if (options.noise === 'counts') {
    for (let i = 0; i < n; i++) weights[i] = 1 / ((base[i]! > 0.5 * ratio ? base[i]! : 0.5 * ratio) * (1 + ratio));
    return weights;
  }
  if (options.noise === 'learned') for (let i = 0; i < n; i++) variances[i] = learned[i]! * window * (1 + ratio);
  if (options.noise === 'given') givenVariances(state, frame, window, variances);
  if (options.noise === 'estimated') frameVariances(now, base, work.noise, variances);
  const even = options.noise === 'learned' && state.freedom === 0;
  for (let i = 0; i < n; i++) weights[i] = even ? 1 : variances[i]! > 0 ? 1 / variances[i]! : 0;
  return weights;
}

/**
 * Variances of now - reference from those that came with the frames. A single frame's variances are themselves
 * noisy (a channel without counts is not certain), so the mean over past frames gives the shape and the frame its
 * level; only a channel four times above that is taken at its word.
 */
function givenVariances(state: TwoSampleState, frame: TestedFrame, window: number, out: Float64Array): void {
  const { squares, frames } = state;
  const n = squares.length;
  const given = frame.variances;
  let total = 0;
  let usual = 0;
  for (let i = 0; i < n; i++) {
    total += given?.[i] ?? squares[i]!;
    usual += squares[i]!;
  }
  const level = usual > 0 ? total / usual : 1;
  const share = (window * window) / frames.referenceCount;
  for (let i = 0; i < n; i++) {
    const model = level * squares[i]!;
    const own = given?.[i] ?? model;
    out[i] = window * (own > 4 * model ? own : model) + share * squares[i]!;
  }
}

/** Running mean of the given variances over the first, later the last `frames` frames. */
export function gatherVariances(state: TwoSampleState, frame: TestedFrame, memory: number): void {
  if (frame.variances === undefined)
    throw new RangeError('the frame brings no variances; set noise: learned or estimated');
  if (state.freedom < memory) state.freedom++;
  const { squares } = state;
  for (let i = 0; i < squares.length; i++) squares[i]! += (frame.variances[i]! - squares[i]!) / state.freedom;
}
