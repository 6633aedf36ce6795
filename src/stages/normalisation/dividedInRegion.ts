import { channelRange } from '../../model/channelRange.ts';
import { channelsMoved } from '../../model/channelsMoved.ts';
import { fastAxis, type Layout } from '../../model/layout.ts';
import type { Divide, Dividing } from './divided.ts';

/** Channels of the fast axis, end not included, and what is divided. */
interface InRegion extends Dividing {
  readonly first: number;
  readonly end: number;
}

/**
 * Division by something of a part of the axis, which moves with the measured drift; where the axis no longer covers it, there is nothing to
 * divide by.
 *
 * @throws RangeError when no channel lies in the region.
 */
export function dividedInRegion(
  {
    config: { region },
    layout,
  }: {
    readonly config: { readonly region?: readonly [from: number, to: number] | undefined };
    readonly layout: Layout;
  },
  divide: (values: Float64Array, options: InRegion, out: Float64Array) => number,
): Divide {
  const n = layout.size;
  if (region === undefined) return (values, dividing, out) => divide(values, { ...dividing, first: 0, end: n }, out);
  const axis = fastAxis(layout);
  const [first, end] = channelRange(axis, region);
  return (values, dividing, out) => {
    const by = channelsMoved(axis, first, dividing.axisShift);
    if (first + by < 0 || end + by > n) return 0;
    return divide(values, { ...dividing, first: first + by, end: end + by }, out);
  };
}
