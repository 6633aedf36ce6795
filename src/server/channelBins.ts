import { axisLength, fastAxis, type Axis, type Layout } from '../model/layout.ts';

/** The page never gets more channels than this: no screen shows more. */
export const MAX_CHANNELS = 2048;

/** How the channels of a layout are added into those of the page. */
export interface ChannelBins {
  /** Values of the layout per page channel along the fast axis. */
  readonly width: number;
  readonly channels: number;
  /** Along the fast axis. */
  readonly sourceChannels: number;
  /** Rows of a layout with several axes: all are added. */
  readonly planes: number;
  /** [channels + 1] */
  readonly edges: number[];
}

export function channelBinsOf(layout: Layout): ChannelBins {
  const axis = fastAxis(layout);
  const sourceChannels = axisLength(axis);
  const width = Math.ceil(sourceChannels / MAX_CHANNELS);
  const channels = Math.ceil(sourceChannels / width);
  const edges = Array.from({ length: channels + 1 }, (_, k) => edgeOf(axis, Math.min(sourceChannels, k * width)));
  return { width, channels, sourceChannels, planes: layout.size / sourceChannels, edges };
}

/** Left edge of channel `i`; for centres, halfway to the neighbour. */
function edgeOf(axis: Axis, i: number): number {
  const x = axis.coordinates;
  const last = x.length - 1;
  if (axis.placement === 'edge') return x[i] as number;
  if (last === 0) return (x[0] as number) + i - 0.5;
  if (i === 0) return 1.5 * (x[0] as number) - 0.5 * (x[1] as number);
  if (i > last) return 1.5 * (x[last] as number) - 0.5 * (x[last - 1] as number);
  return 0.5 * ((x[i - 1] as number) + (x[i] as number));
}
