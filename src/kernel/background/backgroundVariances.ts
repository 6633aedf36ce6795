/** What {@link backgroundVariances} needs to know. */
export interface BackgroundVariancesOptions {
  /** [n] the background under the values. */
  readonly background: Float64Array;
  /** [n] variances of the values; null: Poisson counts, of which one of zero is taken to have a mean of one. */
  readonly variances: Float64Array | null;
  /** Variance of the background over that of a flat channel, 0 to 1: the wider the clipping, the smaller. */
  readonly share: number;
}

/**
 * Variances of a clipped background: its share of the variance the channels would have without their peaks, var b = share v b / y where
 * y > b.
 *
 * @param values - [n].
 * @param options - see {@link BackgroundVariancesOptions}.
 * @param out - [n], may be `options.variances`.
 * @returns `out`, in the unit of the values squared.
 */
export function backgroundVariances(
  values: Float64Array,
  { background, variances, share }: BackgroundVariancesOptions,
  out: Float64Array,
): Float64Array {
  const n = values.length;
  if (variances === null) {
    // Twice the lower of b and max(y, 1), both by absolute values: noise would mispredict half the branches.
    const half = 0.5 * share;
    for (let i = 0; i < n; i++) {
      const y = values[i]!;
      const b = background[i]!;
      const positive = 0.5 * (b + Math.abs(b));
      const variance = 0.5 * (y + 1 + Math.abs(y - 1));
      out[i] = half * (positive + variance - Math.abs(positive - variance));
    }
    return out;
  }
  for (let i = 0; i < n; i++) {
    const y = values[i]!;
    const b = background[i]!;
    out[i] = share * variances[i]! * (y <= b ? 1 : b > 0 ? b / y : 0);
  }
  return out;
}
