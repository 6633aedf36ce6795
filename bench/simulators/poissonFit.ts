import { chiSquareNormal } from '../../src/kernel/change/chiSquareNormal.ts';
import { normalTail } from '../../src/kernel/change/normalTail.ts';

/** How numbers that should be Poisson agree with their distribution. */
export interface PoissonFit {
  readonly draws: number;
  readonly mean: number;
  readonly variance: number;
  /** Of mean and variance, in standard errors from what is expected. */
  readonly meanDeviation: number;
  readonly varianceDeviation: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** Probability of a larger chi-square. */
  readonly p: number;
}

/** No cell expects fewer draws than this, and there are at most about so many cells. */
const LEAST_EXPECTED = 20;
const MOST_CELLS = 200;

/** Probabilities of k from `first` on, to 9 standard deviations: by recurrence from the mode, normalised by their sum. */
function probabilities(mean: number): { first: number; p: Float64Array } {
  const reach = Math.ceil(9 * Math.sqrt(mean) + 25);
  const mode = Math.floor(mean);
  const first = Math.max(0, mode - reach);
  const p = new Float64Array(mode + reach - first + 1);
  p[mode - first] = 1;
  for (let k = mode + 1; k - first < p.length; k++) p[k - first] = p[k - 1 - first]! * (mean / k);
  for (let k = mode; k > first; k--) p[k - 1 - first] = p[k - first]! * (k / mean);
  const sum = p.reduce((a, b) => a + b, 0);
  return { first, p: p.map((value) => value / sum) };
}

/**
 * Pearson's chi-square over cells of neighbouring counts, and the first two moments.
 * @param expected - the mean they should have.
 * @param counts - whole numbers.
 */
export function fitPoisson(expected: number, counts: ArrayLike<number>): PoissonFit {
  const { first, p } = probabilities(expected);
  const draws = counts.length;
  const observed = new Float64Array(p.length);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < draws; i++) {
    const off = counts[i]! - expected;
    sum += off;
    squares += off * off;
    // What lies beyond the table cannot be; in the last cell it makes itself felt.
    observed[Math.min(p.length - 1, Math.max(0, counts[i]! - first))]!++;
  }
  const least = Math.max(LEAST_EXPECTED, draws / MOST_CELLS);
  let [chiSquare, cells, expectedInCell, observedInCell, left] = [0, 0, 0, 0, draws];
  for (let k = 0; k < p.length; k++) {
    expectedInCell += draws * p[k]!;
    observedInCell += observed[k]!;
    left -= draws * p[k]!;
    if (k < p.length - 1 && (expectedInCell < least || left < least)) continue;
    chiSquare += (observedInCell - expectedInCell) ** 2 / expectedInCell;
    cells++;
    [expectedInCell, observedInCell] = [0, 0];
  }
  const freedom = Math.max(1, cells - 1);
  const off = sum / draws;
  const variance = (squares - draws * off * off) / (draws - 1);
  return {
    draws,
    mean: expected + off,
    variance,
    meanDeviation: off / Math.sqrt(expected / draws),
    varianceDeviation: (variance / expected - 1) / Math.sqrt((2 + 1 / expected) / draws),
    chiSquare,
    degreesOfFreedom: freedom,
    p: normalTail(chiSquareNormal(chiSquare, freedom, 2 * freedom, 8 * freedom)),
  };
}
