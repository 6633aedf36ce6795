import { axisLength, channelCentre, type Axis } from './layout.ts';

/**
 * By how many channels what belongs at one channel is moved up the axis when the axis is shifted: to the channel whose shifted centre is
 * nearest.
 *
 * @param axis - as the layout has it.
 * @param channel - where something lies while there is no shift.
 * @param axisShift - `Frame.axisShift`, in the unit of the axis.
 * @returns whole channels, negative when it lies lower now. Beyond the ends of the axis its last channel width goes on.
 */
export function channelsMoved(axis: Axis, channel: number, axisShift: number): number {
  const n = axisLength(axis);
  if (axisShift === 0 || n < 2) return 0;
  const wanted = channelCentre(axis, channel) - axisShift;
  let i = channel;
  while (i > 0 && channelCentre(axis, i) > wanted) i--;
  while (i < n - 1 && channelCentre(axis, i) < wanted) i++;
  const lower = Math.max(0, Math.min(i > 0 && channelCentre(axis, i) > wanted ? i - 1 : i, n - 2));
  const width = channelCentre(axis, lower + 1) - channelCentre(axis, lower);
  return lower + Math.round((wanted - channelCentre(axis, lower)) / width) - channel;
}
