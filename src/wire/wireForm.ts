import type { Frame } from '../model/frame.ts';
import type { Layout } from '../model/layout.ts';
import type { SlowSample } from '../model/signal.ts';
import { layoutIdOf } from './layoutId.ts';

/** A frame as a map of the wire format. What is usual is left out: no flags, no drift, no unseen exposure, no context. */
export function frameForm(frame: Frame, layoutId: string): Record<string, unknown> {
  const hasContext = Object.keys(frame.context).length > 0;
  return {
    type: 'frame',
    stream: frame.stream,
    seq: frame.seq,
    timeUs: frame.timeUs,
    exposureUs: frame.exposureUs,
    layoutId,
    values: frame.values,
    variances: frame.variances,
    mask: frame.mask,
    unseenExposureUs: frame.unseenExposureUs === 0 ? undefined : frame.unseenExposureUs,
    axisShift: frame.axisShift === 0 ? undefined : frame.axisShift,
    flags: frame.flags === 0 ? undefined : frame.flags,
    context: hasContext ? frame.context : undefined,
    contextAgeUs: hasContext ? frame.contextAgeUs : undefined,
  };
}

/** A layout as a map of the wire format: sent beside the frames, retained. */
export const layoutForm = (layout: Layout, stream: string): Record<string, unknown> => ({
  type: 'layout',
  stream,
  layoutId: layoutIdOf(layout),
  quantity: layout.quantity,
  unit: layout.unit,
  noise: layout.noise,
  axes: layout.axes.map(({ name, unit, placement, coordinates }) => ({ name, unit, placement, coordinates })),
});

/** A slow sample as a map of the wire format. */
export const slowForm = ({ name, timeUs, value, unit }: SlowSample): Record<string, unknown> => ({
  type: 'slow',
  name,
  timeUs,
  value,
  unit,
});
