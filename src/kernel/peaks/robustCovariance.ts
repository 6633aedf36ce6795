import type { PeakFit } from './peakFit.ts';

/** Of a channel that the fit goes through, whatever it holds, nothing can be read off. */
const LEAST_REST = 1e-3;

/**
 * Replaces the covariance of a finished fit by the one that the residuals themselves show, channel by channel: for data whose noise is
 * unknown and not the same everywhere. H^-1 (sum of w^2 r^2 c c' / (1 - h)^2) H^-1, H the normal matrix, c the columns, h = w c' H^-1 c the
 * share of a channel in its own fit: a narrow peak hangs on few channels, whose residuals are the smaller for it (HC3).
 *
 * @param fit - finished, by least squares with any weights.
 * @param values - [n] the spectrum that was fitted.
 * @see White, Econometrica 48 (1980) 817; MacKinnon & White, J. Econometrics 29 (1985) 305.
 */
export function robustCovariance(fit: PeakFit, values: Float64Array): void {
  const { columns, slopes, weights, expected, normal, amplitudeProblem, covariance, atBound } = fit;
  const K = amplitudeProblem.size;
  const { inverse, damped: middle, matrix: half } = normal;
  const p = normal.use.length;
  const column = (a: number): Float64Array => (a < K ? columns.basis[a]! : slopes[a - K]!);
  const taken = Array.from({ length: p }, (_, a) => column(a));
  middle.fill(0, 0, p * p);
  for (let i = 0; i < values.length; i++) {
    let share = 0;
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++) share += taken[a]![i]! * inverse[a * p + b]! * taken[b]![i]!;
    const pull = (weights[i]! * (values[i]! - expected[i]!)) / Math.max(1 - weights[i]! * share, LEAST_REST);
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++) middle[a * p + b] = middle[a * p + b]! + pull * pull * taken[a]![i]! * taken[b]![i]!;
  }
  times(inverse, middle, p, half);
  times(half, inverse, p, middle);
  const all = atBound.length;
  const place = (a: number): number => (a < K ? a : K + columns.free[a - K]!);
  for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) covariance[place(a) * all + place(b)] = middle[a * p + b]!;
}

function times(a: Float64Array, b: Float64Array, p: number, out: Float64Array): void {
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += a[i * p + k]! * b[k * p + j]!;
      out[i * p + j] = sum;
    }
}
