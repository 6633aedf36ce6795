import { inUnitOf, type AxisQuantity } from '../../model/axisQuantity.ts';
import { fastAxis, meanChannelWidth, type Layout } from '../../model/layout.ts';

/** Full widths at half maximum that a window must reach over so that a peak does not lift its own background. */
const WIDTHS_PER_PEAK = 2;

/** Half width in channels: as set, or from the full width of the widest peak in the unit of the axis. */
export function widthInChannels(
  { halfWidth, fwhm }: { readonly halfWidth: number; readonly fwhm?: AxisQuantity | undefined },
  layout: Layout,
): number {
  if (fwhm === undefined) return halfWidth;
  const axis = fastAxis(layout);
  return Math.max(1, Math.round((WIDTHS_PER_PEAK * inUnitOf(axis, fwhm, 'fwhm')) / meanChannelWidth(axis)));
}
