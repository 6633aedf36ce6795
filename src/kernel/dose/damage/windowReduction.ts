/** What one frame says of the damage fraction, whatever its intensity. */
export interface Reduction {
  /** Estimated damage fraction; unbounded. */
  fraction: number;
  /** Its variance; Infinity when the frame says nothing. */
  variance: number;
  /** Shift of the spectrum against its references, channels; 0 for windows. */
  shift: number;
}

/** Shares of window A in A + B. */
export interface WindowShares {
  /** Of intact material, in (0, 1). */
  readonly intact: number;
  /** Of fully damaged material, in [0, 1], another than `intact`. */
  readonly damaged: number;
}

/**
 * Damage fraction from two windows, conditioned on their total: the intensity drops out exactly. Its variance is that of
 * the binomial at the expected fraction, not at the observed one, which would favour frames that fluctuate outwards.
 *
 * @param a - counts of window A.
 * @param total - counts of A and B; none say nothing.
 * @param expected - damage fraction expected before the frame.
 * @param dispersion - variance of the counts over their mean.
 */
export function reduceWindows(
  a: number,
  total: number,
  { intact, damaged }: WindowShares,
  expected: number,
  dispersion: number,
  out: Reduction,
): void {
  const contrast = damaged - intact;
  out.shift = 0;
  out.fraction = total > 0 ? (a / total - intact) / contrast : 0;
  out.variance = total > 0 ? dispersion / (total * windowInformation({ intact, damaged }, expected)) : Infinity;
}

/**
 * As {@link reduceWindows}, for windows that are no counts: the variance of a quotient, from those of its parts.
 *
 * @param varianceA - of the sum in A.
 * @param varianceB - of the sum in B.
 */
export function reduceMeasuredWindows(
  a: number,
  b: number,
  varianceA: number,
  varianceB: number,
  { intact, damaged }: WindowShares,
  out: Reduction,
): void {
  const total = a + b;
  const contrast = damaged - intact;
  const variance = (b * b * varianceA + a * a * varianceB) / total ** 4;
  const usable = total > 0 && variance > 0;
  out.shift = 0;
  out.fraction = usable ? (a / total - intact) / contrast : 0;
  out.variance = usable ? variance / (contrast * contrast) : Infinity;
}

/** Fisher information of one count on the damage fraction, two windows conditioned on their total. */
export function windowInformation({ intact, damaged }: WindowShares, fraction: number): number {
  const contrast = damaged - intact;
  const share = intact + Math.min(1, Math.max(0, fraction)) * contrast;
  return (contrast * contrast) / Math.max(share * (1 - share), 1e-9);
}
