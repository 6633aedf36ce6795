import { refusal } from '../refusal.ts';

/** Points at which the run length is solved for: more is finer and costs the third power. */
const POINTS = 260;
/** Beyond this much probability out in a tail is nothing. */
const NEGLIGIBLE = 1e-18;
/** Counts are taken together where one standard deviation holds more than this. */
const PER_DEVIATION = 100;

/**
 * Average run length of a one-sided Poisson CUSUM that starts at zero: mean number of frames of steady rate until S >= threshold.
 *
 * Solves L(s) = 1 + sum over x of p(x) L(max(0, s + x ln r - m (r - 1))), L = 0 at and above the threshold, on a lattice chosen so that
 * the steps fall nearly onto it (Brook and Evans' Markov chain); what falls between two points is shared between them, so that the mean
 * step is exact.
 *
 * @param rate - m, mean counts per frame, > 0.
 * @param ratio - r: > 1 for a rise, < 1 for a fall.
 * @param threshold - in units of the log-likelihood ratio, > 0.
 * @returns frames, >= 1; Infinity beyond 1e14, where the equations are no longer solvable in double precision.
 * @throws RangeError when an argument is out of range.
 * @see Brook and Evans, Biometrika 59 (1972) 539; Lucas, Technometrics 27 (1985) 129.
 */
export function poissonCusumArl(rate: number, ratio: number, threshold: number): number {
  if (!(rate > 0 && rate < Infinity)) throw refusal('OutOfRange', `rate is ${rate}, expected a positive number`);
  if (!(ratio > 0 && ratio < Infinity && ratio !== 1))
    throw refusal('OutOfRange', `ratio is ${ratio}, expected a positive number other than 1`);
  if (!(threshold > 0)) throw refusal('OutOfRange', `threshold is ${threshold}, expected a positive number`);
  const perCount = Math.log(ratio);
  const perFrame = -rate * (ratio - 1);
  // A rise is reached by counts, a fall by frames without: whichever it is must fall onto the lattice exactly.
  const [exact, near] =
    ratio > 1 || perFrame > threshold ? [Math.abs(perCount), Math.abs(perFrame)] : [perFrame, -perCount];
  const spacing = latticeSpacing(exact, near, threshold);
  const points = Math.ceil(threshold / spacing - 1e-9);
  const { first, stride, probabilities } = poissonProbabilities(rate);
  const matrix = new Float64Array(points * points);
  for (let i = 0; i < points; i++) {
    const row = i * points;
    matrix[row + i] = 1;
    for (let k = 0; k < probabilities.length; k++) {
      const landed = i + ((first + k * stride) * perCount + perFrame) / spacing;
      const p = probabilities[k]!;
      if (landed * spacing >= threshold - 1e-9 * spacing) continue;
      if (landed <= 0) matrix[row]! -= p;
      else {
        const lower = Math.floor(landed);
        const share = landed - lower;
        matrix[row + lower]! -= p * (1 - share);
        if (lower + 1 < points) matrix[row + lower + 1]! -= p * share;
        else if (share > 0) matrix[row + lower]! -= p * share;
      }
    }
  }
  const length = solveForFirst(matrix, points);
  return length >= 1 && length < 1e14 ? length : length > 0 && length < 1 ? 1 : Infinity;
}

/** Spacing near threshold / POINTS of which one step is a whole number and the other nearly one. */
function latticeSpacing(exact: number, near: number, threshold: number): number {
  const finest = Math.floor((POINTS * exact) / threshold);
  if (finest < 2 && exact <= threshold / 8) return threshold / POINTS;
  let best = Math.max(1, finest);
  let worst = Infinity;
  for (let steps = Math.max(1, Math.ceil(finest * 0.6)); steps <= finest; steps++) {
    const ratio = (near / exact) * steps;
    const miss = Math.abs(ratio - Math.round(ratio)) / steps;
    if (miss < worst) {
      worst = miss;
      best = steps;
    }
  }
  return exact / best;
}

/** Poisson probabilities of first, first + stride, ... as far as they matter; of every count up to a rate of some ten thousand. */
function poissonProbabilities(rate: number): { first: number; stride: number; probabilities: Float64Array } {
  const mode = Math.floor(rate);
  const stride = Math.max(1, Math.floor(Math.sqrt(rate) / PER_DEVIATION));
  const below: number[] = [];
  for (let k = mode, p = 1; k >= stride && p > NEGLIGIBLE; k -= stride) {
    p = stride === 1 ? (p * k) / rate : besideMean(k - stride, rate);
    below.push(p);
  }
  const above: number[] = [];
  for (let k = mode + stride, p = 1; p > NEGLIGIBLE; k += stride) {
    p = stride === 1 ? (p * rate) / k : besideMean(k, rate);
    above.push(p);
  }
  const probabilities = Float64Array.from([...below.reverse(), 1, ...above]);
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  for (let k = 0; k < probabilities.length; k++) probabilities[k]! /= total;
  return { first: mode - below.length * stride, stride, probabilities };
}

/** Probability of a large count over that of the mean, by Stirling's formula. */
function besideMean(count: number, rate: number): number {
  const off = (count - rate) / rate;
  return Math.exp(-rate * ((1 + off) * Math.log1p(off) - off)) / Math.sqrt(1 + off);
}

/** First element of the solution of A L = 1; A is a diagonally dominant M-matrix, so no pivoting is needed. A is overwritten. */
function solveForFirst(a: Float64Array, n: number): number {
  const right = new Float64Array(n).fill(1);
  // From the last unknown to the first: what remains in the end is the equation of L(0).
  for (let k = n - 1; k > 0; k--) {
    const pivotRow = k * n;
    const pivot = a[pivotRow + k]!;
    for (let i = 0; i < k; i++) {
      const factor = a[i * n + k]! / pivot;
      if (factor === 0) continue;
      for (let j = 0; j < k; j++) a[i * n + j]! -= factor * a[pivotRow + j]!;
      right[i]! -= factor * right[k]!;
    }
  }
  return right[0]! / a[0]!;
}
