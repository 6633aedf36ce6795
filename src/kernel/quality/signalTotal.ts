/** What is there to be counted in a frame. */
export interface SignalTotal {
  /** Sum of the usable channels, in the unit of the values. */
  total: number;
  /** The same in counts; null for data that are none. */
  counts: number | null;
  /** Part of what the frames before held that the usable channels held of it, 0 to 1. */
  share: number;
  /** Usable channels. */
  usable: number;
  /** All usable channels have the same value. */
  isConstant: boolean;
}

/**
 * Sums up a frame.
 *
 * @param frame - `values` [n]; `variances` [n] of counts times a gain, else null; `bad` [n], 1 = do not use.
 * @param reference - [n] mean of the frames before, so that a mask which hides a peak counts for what it hides.
 * @param isCounts - whether the values are counts, or counts times a gain.
 * @param out - receives the result.
 */
export function signalTotal(
  { values, variances, bad }: { values: Float64Array; variances: Float64Array | null; bad: Uint8Array },
  reference: Float64Array,
  isCounts: boolean,
  out: SignalTotal,
): void {
  const n = values.length;
  let known = 0;
  let seen = 0;
  let first = NaN;
  let counts = 0;
  out.total = 0;
  out.usable = 0;
  out.isConstant = true;
  for (let i = 0; i < n; i++) {
    const before = Math.max(reference[i]!, 0);
    known += before;
    if (bad[i] === 1) continue;
    const value = values[i]!;
    if (out.usable++ === 0) first = value;
    else if (value !== first) out.isConstant = false;
    out.total += value;
    seen += before;
    if (variances === null) counts += value;
    else if (variances[i]! > 0) counts += (value * value) / variances[i]!;
  }
  out.counts = isCounts ? counts : null;
  out.share = known > 0 ? seen / known : out.usable / n;
}
