import { channelCentres, fastAxis, type Layout } from '../../model/layout.ts';

/** Departure of a step from the mean step, relative, that still counts as equal. */
const EQUAL_STEPS = 1e-4;

/**
 * First centre, step and number of the channels of the fast axis.
 *
 * @throws RangeError when there are fewer than two channels, or the steps are not equal.
 */
export function uniformStep(layout: Layout): {
  readonly offset: number;
  readonly step: number;
  readonly length: number;
  readonly centres: Float64Array;
} {
  const axis = fastAxis(layout);
  const centres = channelCentres(axis);
  const n = centres.length;
  if (n < 2) throw new RangeError(`axis ${axis.name} has ${n} channel, expected at least 2`);
  const step = (centres[n - 1]! - centres[0]!) / (n - 1);
  for (let i = 1; i < n; i++)
    if (!(Math.abs(centres[i]! - centres[i - 1]! - step) <= EQUAL_STEPS * step))
      throw new RangeError(
        `axis ${axis.name} has a step of ${centres[i]! - centres[i - 1]!} ${axis.unit} at ${centres[i]}, expected equal steps of ${step}`,
      );
  return { offset: centres[0]!, step, length: n, centres };
}
