import { chiSquareNormal } from './chiSquareNormal.ts';
import { scanCounts, scanResiduals, type ScanPeak } from './windowScan.ts';

/** What a residual test needs beside the spectra. */
export interface ResidualOptions {
  /** Box widths of the scan, channels. */
  readonly widths: readonly number[];
  /** Exposure of now over exposure of the reference, gain included. */
  readonly ratio: number;
  /** Coefficients that were fitted. */
  readonly fitted: number;
}

/** Cumulated arrays and results of a residual test. */
export interface ResidualTest {
  /** [n + 1] cumulated counts - expectation, or cumulated standardised residuals. */
  readonly excess: Float64Array;
  /** [n + 1] cumulated expectation; not used for residuals. */
  readonly expected: Float64Array;
  readonly peak: ScanPeak;
  /** Normal equivalent of the chi-square. */
  chiSquare: number;
}

export function createResidualTest(n: number): ResidualTest {
  return {
    excess: new Float64Array(n + 1),
    expected: new Float64Array(n + 1),
    peak: { z: 0, sign: 0, from: 0, to: 0 },
    chiSquare: 0,
  };
}

/**
 * Counts against their expectation: the variance is that of the model, now and reference together, not of the data.
 * For the chi-square neighbours are pooled until they expect POOL counts: below that the squares are too far from
 * any chi-square, and say nothing.
 *
 * @param counts - [n], sum over the window.
 * @param expectation - [n], of the same; negative values are set to 0.
 * @param variances - [n] receives the variance of counts - expectation.
 */
export function testCounts(
  counts: Float64Array,
  expectation: Float64Array,
  variances: Float64Array,
  options: ResidualOptions,
  test: ResidualTest,
): void {
  const { ratio, fitted } = options;
  const { excess, expected } = test;
  const n = counts.length;
  const spread = 1 + ratio;
  // Cumulants of the squared, standardised difference of two Poisson numbers.
  const second = (1 + ratio ** 3) / spread ** 2;
  const third = (1 + ratio ** 5) / spread ** 3;
  let sum = 0;
  let used = 0;
  let inverse = 0;
  let inverse2 = 0;
  const least = 0.5 * ratio;
  let d = 0;
  let e = 0;
  let pooled = 0;
  let residual = 0;
  for (let i = 0; i < n; i++) {
    const mean = expectation[i]! > 0 ? expectation[i]! : 0;
    expectation[i] = mean;
    variances[i] = (mean > least ? mean : least) * spread;
    const off = counts[i]! - mean;
    d += off;
    e += mean;
    excess[i + 1] = d;
    expected[i + 1] = e;
    pooled += mean;
    residual += off;
    if (pooled < POOL) continue;
    const one = 1 / pooled;
    sum += residual * residual * one;
    inverse += one;
    inverse2 += one * one;
    used++;
    pooled = 0;
    residual = 0;
  }
  const free = used - fitted;
  // The gain takes out what the squares have in common with the total: each square keeps 1/mean - share of its count.
  const share = used / Math.max(e, 1e-300);
  const linear = inverse - share * used;
  const cubic = inverse2 - 3 * share * inverse + 3 * share * share * used - share * share * share * e;
  test.chiSquare =
    free <= 0
      ? 0
      : chiSquareNormal(
          sum / spread,
          free,
          2 * free + second * linear,
          8 * free + second * (4 * inverse + 18 * linear) + third * cubic,
        );
  scanCounts(excess, expected, options, test.peak);
}

const POOL = 2;

/** How well the variances of a residual test are known. */
export interface VarianceKnowledge {
  /** Degrees of freedom behind each channel's variance; Infinity when known. */
  readonly freedom: number;
  /** Relative standard error of the whole noise level. */
  readonly levelError: number;
}

/**
 * Residuals against known or estimated variances.
 *
 * @param residuals - [n] now - expectation.
 * @param variances - [n] of the residuals; channels of variance 0 are left out.
 */
export function testResiduals(
  residuals: Float64Array,
  variances: Float64Array,
  knowledge: VarianceKnowledge,
  options: ResidualOptions,
  test: ResidualTest,
): void {
  const { excess } = test;
  let sum = 0;
  let used = 0;
  let cumulated = 0;
  for (let i = 0; i < residuals.length; i++) {
    const variance = variances[i]!;
    if (variance > 0) {
      const z = residuals[i]! / Math.sqrt(variance);
      sum += z * z;
      cumulated += z;
      used++;
    }
    excess[i + 1] = cumulated;
  }
  const free = used - options.fitted;
  const { freedom: nu, levelError } = knowledge;
  // Squares of Student's t, when a variance stands on nu degrees of freedom.
  const mean = nu === Infinity ? 1 : nu / (nu - 2);
  const variance = nu === Infinity ? 2 : (2 * nu * nu * (nu - 1)) / ((nu - 2) ** 2 * (nu - 4));
  test.chiSquare =
    free <= 0
      ? 0
      : chiSquareNormal(sum, free * mean, free * variance + (2 * levelError * free) ** 2, 8 * free * mean ** 3);
  scanResiduals(excess, options, test.peak);
}
