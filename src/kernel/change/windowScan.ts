import { countTail } from './countTail.ts';

/** The box of channels that stands out most. */
export interface ScanPeak {
  /** |z| of the box; 0 when nothing was scanned. */
  z: number;
  sign: -1 | 0 | 1;
  /** First channel of the box. */
  from: number;
  /** Last channel of the box. */
  to: number;
}

/** What is scanned. */
export interface ScanOptions {
  /** Box widths, channels, each >= 1. Wider finds weaker and broader changes; each costs a pass. */
  readonly widths: readonly number[];
  /** Exposure of the counts over exposure of the reference; adds the reference's own noise. */
  readonly ratio: number;
}

/**
 * The most surprising box of a count spectrum, both signs, by exact count tails.
 *
 * The Gaussian z^2 = d^2 / v bounds the exact one from above for a rise, and but for a factor for a fall: only boxes
 * that pass the best so far are worth a tail.
 *
 * @param excess - [n + 1] cumulated counts - expectation, first 0.
 * @param expected - [n + 1] cumulated expectation, first 0, not falling.
 * @param options - see {@link ScanOptions}.
 * @param peak - receives the box.
 */
export function scanCounts(excess: Float64Array, expected: Float64Array, options: ScanOptions, peak: ScanPeak): void {
  const { widths, ratio } = options;
  const n = excess.length - 1;
  const deepest = ratio === 0 ? 2 : (2 * (1 + ratio) * Math.log1p(ratio)) / ratio;
  peak.z = 0;
  peak.sign = 0;
  // Hardly a spectrum has no box beyond 2; the few that have none are scanned again.
  for (let floor = 4; peak.z === 0 && floor >= 0; floor -= 4) {
    let bound = floor * (1 + ratio);
    for (let k = 0; k < widths.length; k++) {
      const width = widths[k]!;
      const stride = strideOf(width);
      for (let i = 0, j = width; j <= n; i += stride, j += stride) {
        const e = expected[j]! - expected[i]!;
        const d = excess[j]! - excess[i]!;
        const least = bound * e;
        if (deepest * d * d <= least) continue;
        if ((d > 0 ? d * d : d * d * (1 - (deepest - 1) * (d / e))) <= least) continue;
        const count = e + d;
        const z = countTail(count < 1e-3 ? 0 : count, e, ratio);
        if (z * z <= peak.z * peak.z) continue;
        peak.z = Math.abs(z);
        bound = Math.max(z * z, 1) * (1 + ratio);
        peak.sign = z > 0 ? 1 : -1;
        peak.from = i;
        peak.to = j - 1;
      }
    }
  }
}

/**
 * The most surprising box of standardised residuals, both signs: largest |sum / sqrt(width)|.
 *
 * @param cumulated - [n + 1] cumulated residuals in standard deviations, first 0.
 * @param options - see {@link ScanOptions}; the ratio is not used.
 * @param peak - receives the box.
 */
export function scanResiduals(cumulated: Float64Array, { widths }: ScanOptions, peak: ScanPeak): void {
  const n = cumulated.length - 1;
  peak.z = 0;
  peak.sign = 0;
  for (let k = 0; k < widths.length; k++) {
    const width = widths[k]!;
    const stride = strideOf(width);
    const scale = 1 / Math.sqrt(width);
    for (let i = 0; i + width <= n; i += stride) {
      const z = (cumulated[i + width]! - cumulated[i]!) * scale;
      if (Math.abs(z) <= peak.z) continue;
      peak.z = Math.abs(z);
      peak.sign = z > 0 ? 1 : -1;
      peak.from = i;
      peak.to = i + width - 1;
    }
  }
}

/** Wide boxes move by a quarter of their width: closer neighbours hold nearly the same channels. */
function strideOf(width: number): number {
  return Math.max(1, width >> 2);
}

/**
 * Widens the best box to the contiguous region of the same sign around it: neighbouring boxes of the same width
 * whose mean residual is at least half as large.
 *
 * @param excess - [n + 1] cumulated residuals, first 0.
 * @param peak - the best box; its ends are moved.
 */
export function widenRegion(excess: Float64Array, peak: ScanPeak): void {
  const n = excess.length - 1;
  const width = peak.to - peak.from + 1;
  const { sign } = peak;
  const half = 0.5 * sign * (excess[peak.to + 1]! - excess[peak.from]!);
  while (peak.from > 0 && sign * (excess[peak.from - 1 + width]! - excess[peak.from - 1]!) > half) peak.from--;
  while (peak.to < n - 1 && sign * (excess[peak.to + 2]! - excess[peak.to + 2 - width]!) > half) peak.to++;
}
