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
  peak.z = 0;
  peak.sign = 0;
  // Few spectra have no box beyond 3; those are scanned again.
  for (let least = 3; peak.z === 0 && least >= 0; least -= 3)
    for (let k = 0; k < widths.length; k++) scanWidth(excess, expected, widths[k]!, ratio, least, peak);
}

function scanWidth(
  excess: Float64Array,
  expected: Float64Array,
  width: number,
  ratio: number,
  least: number,
  peak: ScanPeak,
): void {
  const stride = strideOf(width);
  const spread = 1 + ratio;
  // At no counts at all z^2 is this factor more than Gaussian; towards that it rises faster than linearly.
  const deeper = 0.5 * (ratio === 0 ? 1 : (2 * spread * Math.log1p(ratio)) / ratio - 1);
  let best = Math.max(least, peak.z);
  for (let i = -stride; ;) {
    i = nextBeyond(excess, expected, i + stride, width, stride, best * best * spread, deeper);
    if (i < 0) return;
    const e = expected[i + width]! - expected[i]!;
    const count = e + excess[i + width]! - excess[i]!;
    const z = countTail(count < 1e-3 ? 0 : count, e, ratio);
    const size = Math.abs(z);
    if (size <= best) continue;
    best = size;
    peak.z = size;
    peak.sign = z > 0 ? 1 : -1;
    peak.from = i;
    peak.to = i + width - 1;
  }
}

/** First channel of the next box that may pass the bound, -1 when there is none. On its own, for the engine to keep all in registers. */
function nextBeyond(
  excess: Float64Array,
  expected: Float64Array,
  start: number,
  width: number,
  stride: number,
  bound: number,
  deeper: number,
): number {
  const n = excess.length;
  for (let i = start, j = start + width; j < n; i += stride, j += stride) {
    const e = expected[j]! - expected[i]!;
    const d = excess[j]! - excess[i]!;
    if (d * d * (e + deeper * (Math.abs(d) - d)) > bound * e * e) return i;
  }
  return -1;
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
