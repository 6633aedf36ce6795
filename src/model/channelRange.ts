import { axisLength, channelCentre, type Axis } from './layout.ts';

/**
 * The channels whose centres lie in a part of an axis.
 *
 * @param axis - the axis.
 * @param region - [from, to] in the unit of the axis, both ends included.
 * @returns [first, end): end is not included.
 * @throws RangeError when no channel lies there, naming what the axis covers.
 */
export function channelRange(
  axis: Axis,
  region: readonly [from: number, to: number],
): readonly [first: number, end: number] {
  const n = axisLength(axis);
  let first = 0;
  while (first < n && channelCentre(axis, first) < region[0]) first++;
  let end = n;
  while (end > first && channelCentre(axis, end - 1) > region[1]) end--;
  if (first === end)
    throw new RangeError(
      `no channel between ${region[0]} and ${region[1]} ${axis.unit}, expected a part of ${channelCentre(axis, 0)} to ${channelCentre(axis, n - 1)}`,
    );
  return [first, end];
}
