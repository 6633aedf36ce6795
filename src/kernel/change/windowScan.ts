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
 * @param observed - [n + 1] cumulated counts, first 0.
 * @param expected - [n + 1] cumulated expectation, first 0, not falling.
 * @param options - see {@link ScanOptions}.
 * @param peak - receives the box.
 */
export function scanCounts(observed: Float64Array, expected: Float64Array, options: ScanOptions, peak: ScanPeak): void {
  const { widths, ratio } = options;
  const n = observed.length - 1;
  peak.z = 0;
  peak.sign = 0;
  let bound = 1 + ratio;
  for (let k = 0; k < widths.length; k++) {
    const width = widths[k]!;
    const stride = strideOf(width);
    for (let i = 0; i + width <= n; i += stride) {
      const e = expected[i + width]! - expected[i]!;
      const d = observed[i + width]! - observed[i]! - e;
      // The Gaussian z bounds the exact one from above for a rise, and within a factor 2 in z^2 for a fall.
      if ((d < 0 ? 2 : 1) * d * d <= bound * e) continue;
      const z = countTail(e + d, e, ratio);
      if (Math.abs(z) <= peak.z) continue;
      peak.z = Math.abs(z);
      bound = Math.max(z * z, 1) * (1 + ratio);
      peak.sign = z > 0 ? 1 : -1;
      peak.from = i;
      peak.to = i + width - 1;
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
 * @param observed - [n + 1] cumulated.
 * @param expected - [n + 1] cumulated; absent for residuals whose expectation is 0.
 * @param peak - the best box; its ends are moved.
 */
export function widenRegion(observed: Float64Array, expected: Float64Array | undefined, peak: ScanPeak): void {
  const n = observed.length - 1;
  const width = peak.to - peak.from + 1;
  const excess = (i: number) =>
    peak.sign * (observed[i + width]! - observed[i]! - (expected ? expected[i + width]! - expected[i]! : 0));
  const half = 0.5 * excess(peak.from);
  while (peak.from > 0 && excess(peak.from - 1) > half) peak.from--;
  while (peak.to < n - 1 && excess(peak.to - width + 2) > half) peak.to++;
}
