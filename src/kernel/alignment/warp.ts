/** What {@link warp} needs to know. */
export interface WarpOptions {
  /** [m] where on the spectrum each channel of the result lies: fractional channels, not falling, 0 to n - 1. */
  readonly positions: Float64Array;
  /** 'height': a peak keeps its height; 'area': it keeps its area, by the slope of the positions. @default 'height' */
  readonly keep?: 'height' | 'area';
  /** [n] variances, in the unit of the values squared. */
  readonly variances?: Float64Array | undefined;
  /** [m] receives the variances of the result; needs `variances`. Neighbours that share a channel are correlated. */
  readonly outVariances?: Float64Array | undefined;
  /** [n], 1 = do not use. */
  readonly mask?: Uint8Array | undefined;
  /** [m] receives 1 where a masked channel would enter; needs `mask`. */
  readonly outMask?: Uint8Array | undefined;
}

/**
 * Moves a spectrum onto other channels by linear interpolation.
 *
 * @param values - [n], n >= 1.
 * @param options - see {@link WarpOptions}.
 * @param out - [m], not `values`; masked channels are 0.
 * @returns `out`.
 */
export function warp(values: Float64Array, options: WarpOptions, out: Float64Array): Float64Array {
  const { positions, keep = 'height', variances, outVariances, mask, outMask } = options;
  const m = positions.length;
  const top = values.length - 1;
  for (let j = 0; j < m; j++) {
    const position = positions[j]!;
    // On a channel, its neighbour does not enter, whatever it holds.
    const low = Math.min(Math.floor(position), top);
    const fraction = position - low;
    const high = fraction > 0 ? Math.min(low + 1, top) : low;
    const isMasked = mask !== undefined && (mask[low] === 1 || mask[high] === 1);
    if (mask !== undefined && outMask !== undefined) outMask[j] = isMasked ? 1 : 0;
    const scale = isMasked ? 0 : keep === 'area' ? slopeAt(positions, j) : 1;
    out[j] = isMasked ? 0 : scale * (values[low]! + fraction * (values[high]! - values[low]!));
    if (variances === undefined || outVariances === undefined) continue;
    const rest = 1 - fraction;
    outVariances[j] = isMasked
      ? 0
      : scale * scale * (rest * rest * variances[low]! + fraction * fraction * variances[high]!);
  }
  return out;
}

/** Channels of the spectrum per channel of the result. */
function slopeAt(positions: Float64Array, j: number): number {
  const from = Math.max(0, j - 1);
  const to = Math.min(positions.length - 1, j + 1);
  return to > from ? (positions[to]! - positions[from]!) / (to - from) : 1;
}
