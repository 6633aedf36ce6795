/** What {@link subtractBackground} needs to know. */
export interface SubtractBackgroundOptions {
  /** [n] what to take away. */
  readonly background: Float64Array;
  /** [n] variances of the values; null: Poisson counts, of which one of zero is taken to have a mean of one. */
  readonly variances: Float64Array | null;
  /** [n] holds the variances of the background, and receives those of the difference. */
  readonly outVariances: Float64Array;
}

/**
 * Takes a background away; the variances of values and background add, as one channel carries little of its own background.
 *
 * @param values - [n].
 * @param options - see {@link SubtractBackgroundOptions}.
 * @param out - [n], may be `values`.
 * @returns `out`.
 */
export function subtractBackground(
  values: Float64Array,
  { background, variances, outVariances }: SubtractBackgroundOptions,
  out: Float64Array,
): Float64Array {
  const n = values.length;
  for (let i = 0; i < n; i++) {
    const y = values[i]!;
    // max(y, 1) without a branch.
    outVariances[i] = outVariances[i]! + (variances === null ? 0.5 * (y + 1 + Math.abs(y - 1)) : variances[i]!);
    out[i] = y - background[i]!;
  }
  return out;
}
