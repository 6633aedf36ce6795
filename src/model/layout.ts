/** One coordinate axis of a measurement. */
export interface Axis {
  /** The field's word for it: 'energy', 'q', 'twoTheta', 'ramanShift', 'x', 'delay'. */
  readonly name: string;
  /** UCUM code: 'eV', 'nm-1', 'deg', 'cm-1', 'um', 's'. */
  readonly unit: string;
  /** 'centre': [n] bin centres; 'edge': [n + 1] bin edges. */
  readonly placement: 'centre' | 'edge';
  /** Strictly increasing. */
  readonly coordinates: Float64Array;
}

/** What the numbers of a frame mean. Shared by reference: same geometry, same object. */
export interface Layout {
  /** Slowest axis first (row-major). */
  readonly axes: readonly Axis[];
  /** Product of the axis lengths. */
  readonly size: number;
  /** What is measured: 'counts', 'countRate', 'intensity', 'absorbance'. */
  readonly quantity: string;
  /** UCUM code of the values; '1' for counts. */
  readonly unit: string;
  /** How the values scatter; decides which stages may follow. */
  readonly noise: Noise;
}

/**
 * 'poisson': raw counts, channels independent, variance = mean.
 * 'scaledPoisson': counts times a known gain (in `Frame.variances`), still independent.
 * 'gaussian': `Frame.variances` holds each channel's variance; channels may be correlated.
 * 'unknown': no honest error bar can be given.
 */
export type Noise = 'poisson' | 'scaledPoisson' | 'gaussian' | 'unknown';

export const NOISES = ['poisson', 'scaledPoisson', 'gaussian', 'unknown'] as const satisfies readonly Noise[];

/** Number of channels along an axis. */
export function axisLength(axis: Axis): number {
  return axis.placement === 'edge' ? axis.coordinates.length - 1 : axis.coordinates.length;
}

/** The fast (last) axis. @throws RangeError when the layout has none. */
export function fastAxis(layout: Layout): Axis {
  const axis = layout.axes[layout.axes.length - 1];
  if (axis === undefined) throw new RangeError('the layout has no axis');
  return axis;
}

/** Centre of channel `i` on an axis, in its unit. */
export function channelCentre(axis: Axis, i: number): number {
  const x = axis.coordinates;
  return axis.placement === 'edge' ? 0.5 * (x[i]! + x[i + 1]!) : x[i]!;
}

/** Mean distance of neighbouring channels, in the unit of the axis; 1 where there is but one channel. */
export function meanChannelWidth(axis: Axis): number {
  const n = axisLength(axis);
  return n < 2 ? 1 : (channelCentre(axis, n - 1) - channelCentre(axis, 0)) / (n - 1);
}

/** [n] centres of the channels of an axis, in its unit; for 'centre' axes the coordinates themselves. */
export function channelCentres(axis: Axis): Float64Array {
  return axis.placement === 'centre'
    ? axis.coordinates
    : Float64Array.from({ length: axisLength(axis) }, (_, i) => channelCentre(axis, i));
}

/** Same axes, quantity, unit and noise, number for number. */
export function sameLayout(a: Layout, b: Layout): boolean {
  if (a === b) return true;
  if (a.size !== b.size || a.quantity !== b.quantity || a.unit !== b.unit || a.noise !== b.noise) return false;
  return a.axes.length === b.axes.length && a.axes.every((axis, k) => sameAxis(axis, b.axes[k]!));
}

function sameAxis(a: Axis, b: Axis): boolean {
  if (a.name !== b.name || a.unit !== b.unit || a.placement !== b.placement) return false;
  const x = a.coordinates;
  const y = b.coordinates;
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

/** Hands out one object per geometry, so that "has the layout changed?" is a comparison of pointers. Keeps at most `capacity`. */
export function createLayoutInterner(capacity = 16): (layout: Layout) => Layout {
  const known: Layout[] = [];
  return (layout) => {
    const found = known.find((candidate) => sameLayout(candidate, layout));
    if (found !== undefined) return found;
    if (known.length >= capacity) known.shift();
    known.push(layout);
    return layout;
  };
}

/** A one-dimensional layout over bin centres, checked. @throws RangeError when the axis is not strictly increasing and finite. */
export function spectrumLayout(
  axis: {
    readonly name: string;
    readonly unit: string;
    readonly placement?: 'centre' | 'edge';
    readonly coordinates: Float64Array;
  },
  values: { readonly quantity: string; readonly unit: string; readonly noise: Noise },
): Layout {
  const full: Axis = { placement: 'centre', ...axis };
  checkAxis(full);
  return { axes: [full], size: axisLength(full), ...values };
}

/** @throws RangeError naming the axis and the first coordinate at fault. */
export function checkAxis(axis: Axis): void {
  const x = axis.coordinates;
  if (axisLength(axis) < 1) throw new RangeError(`axis ${axis.name} has no channel`);
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i])) throw new RangeError(`axis ${axis.name} is not finite at ${i}`);
    if (i > 0 && x[i]! <= x[i - 1]!)
      throw new RangeError(`axis ${axis.name} does not increase at ${i}: ${x[i - 1]} then ${x[i]}`);
  }
}

/** Hands out every layout with the noise that was declared, one object per layout; undefined leaves them as they are. */
export function createNoiseOverride(noise: Noise | undefined): (layout: Layout) => Layout {
  const declared = new WeakMap<Layout, Layout>();
  return (layout) => {
    if (noise === undefined || noise === layout.noise) return layout;
    let known = declared.get(layout);
    if (known === undefined) declared.set(layout, (known = { ...layout, noise }));
    return known;
  };
}
