/** Variances that go along with a spectrum that is warped. */
export interface WarpedVariances {
  /** [n] in the unit of the values squared. */
  readonly variances: Float64Array;
  /** [n] scratch: how often each channel is in the result. */
  readonly shares: Float64Array;
  /**
   * [m] receives the variances of the result. Neighbours that share a channel err together: each is given its part of that, so that the
   * variances of a window add up to that of its sum; a channel alone scatters less, by up to a half.
   */
  readonly out: Float64Array;
}

/** What {@link warp} needs to know. */
export interface WarpOptions {
  /** [m] where on the spectrum each channel of the result lies: fractional channels, not falling, 0 to n - 1. */
  readonly positions: Float64Array;
  /** 'height': a peak keeps its height; 'area': it keeps its area, by the slope of the positions. @default 'height' */
  readonly keep?: 'height' | 'area';
  readonly errors?: WarpedVariances | undefined;
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
  const { positions, keep = 'height', errors, mask, outMask } = options;
  const shares = errors?.shares;
  const m = positions.length;
  const top = values.length - 1;
  shares?.fill(0);
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
    if (isMasked || shares === undefined) continue;
    shares[low] = shares[low]! + scale * (1 - fraction);
    shares[high] = shares[high]! + scale * fraction;
  }
  if (errors !== undefined) spreadVariances(options, errors);
  return out;
}

/** Row sums of the covariance of the result: sum over i of a_ji v_i sum over k of a_ki, a the weights of the interpolation. */
function spreadVariances({ positions, keep, mask }: WarpOptions, { variances, shares, out }: WarpedVariances): void {
  const top = variances.length - 1;
  for (let j = 0; j < positions.length; j++) {
    const low = Math.min(Math.floor(positions[j]!), top);
    const fraction = positions[j]! - low;
    const high = fraction > 0 ? Math.min(low + 1, top) : low;
    const isMasked = mask !== undefined && (mask[low] === 1 || mask[high] === 1);
    const scale = keep === 'area' ? slopeAt(positions, j) : 1;
    out[j] = isMasked
      ? 0
      : scale * ((1 - fraction) * shares[low]! * variances[low]! + fraction * shares[high]! * variances[high]!);
  }
}

/** Channels of the spectrum per channel of the result. */
function slopeAt(positions: Float64Array, j: number): number {
  const from = Math.max(0, j - 1);
  const to = Math.min(positions.length - 1, j + 1);
  return to > from ? (positions[to]! - positions[from]!) / (to - from) : 1;
}
