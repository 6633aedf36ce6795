import { refusal } from '../refusal.ts';

export interface CorrelationShiftOptions {
  /** Channels [first, end) of the reference that are looked for. */
  readonly first: number;
  readonly end: number;
  /** Farthest shift, channels. */
  readonly reach: number;
}

/**
 * Shift of a spectrum against a reference by the maximum of their cross-correlation, to a fraction of a channel by a parabola. It needs no
 * first guess, and gives none of the error that a fit gives: start a fit from it.
 *
 * @param values - [n] finite.
 * @param reference - [n] finite.
 * @param options - see {@link CorrelationShiftOptions}.
 * @returns channels to move the spectrum up so that it lies on the reference.
 * @throws RangeError 'LengthMismatch', or 'OutOfRange' for a window without channels.
 */
export function correlationShift(
  values: Float64Array,
  reference: Float64Array,
  { first, end, reach }: CorrelationShiftOptions,
): number {
  const n = values.length;
  if (reference.length !== n)
    throw refusal('LengthMismatch', `the reference has ${reference.length} elements, expected ${n}`);
  if (!(first >= 0 && end <= n && first < end))
    throw refusal('OutOfRange', `the window is ${first} to ${end}, expected a part of 0 to ${n}`);
  let mean = 0;
  for (let i = first; i < end; i++) mean += reference[i]! / (end - first);
  const correlationAt = (lag: number): number => {
    let sum = 0;
    for (let i = first; i < end; i++) {
      const from = i - lag;
      if (from >= 0 && from < n) sum += values[from]! * (reference[i]! - mean);
    }
    return sum;
  };
  let best = 0;
  let highest = -Infinity;
  for (let lag = -reach; lag <= reach; lag++) {
    const correlation = correlationAt(lag);
    if (correlation > highest) {
      highest = correlation;
      best = lag;
    }
  }
  const [before, after] = [correlationAt(best - 1), correlationAt(best + 1)];
  const bend = before - 2 * highest + after;
  return bend < 0 && Math.abs(best) < reach ? best + (0.5 * (before - after)) / bend : best;
}
