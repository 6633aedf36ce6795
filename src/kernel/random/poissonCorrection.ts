import { nextUniform } from './xoshiro128.ts';
import type { RandomState } from './xoshiro128.ts';

const HALF_LOG_TWO_PI = 0.9189385332046728;
const LOG_FACTORIAL = Float64Array.from([
  0, 0, 0.6931471805599453, 1.791759469228055, 3.1780538303479458, 4.787491742782046, 6.579251212010101,
  8.525161361065415, 10.60460290274525, 12.801827480081469,
]);
/** Rounded normal numbers less than this far below the mean are never too probable: floor(mean - 1.1484) and above. */
const NEVER_TOO_MANY = 1.1484 + 1;

/**
 * Decides on a rounded normal number that the quick test of `fillPoisson` left open: returns it, or another from what the
 * Poisson distribution has over the rounded normal one. The latter's probabilities come from a series that is good to 1e-6
 * of each, five standard deviations out at mean 10, and better everywhere else.
 * @param mean expected counts, at least 10
 * @param k the number in question; below 0 where there is none
 * @param uniform 0 to 1, the one the quick test used
 * @see Ahrens and Dieter, ACM Transactions on Mathematical Software 8 (1982) 163, steps I to H
 */
export function correctedPoisson(state: RandomState, mean: number, k: number, uniform: number): number {
  const below = mean - k;
  if (k >= 0) {
    if (below < NEVER_TOO_MANY || below * below * below <= 6 * mean * mean * uniform) return k;
    if (1 - uniform <= Math.exp(logExcess(k, mean))) return k;
  }
  const deviation = Math.sqrt(mean);
  for (;;) {
    const wait = -Math.log(1 - nextUniform(state));
    const side = 2 * nextUniform(state) - 1;
    const t = side < 0 ? 1.8 - wait : 1.8 + wait;
    if (t <= -0.6744) continue;
    const count = Math.floor(mean + deviation * t);
    const excess = Math.expm1(logExcess(count, mean)) * Math.exp(logRounded(count, mean) + wait);
    if ((0.1069 / mean) * Math.abs(side) <= excess) return count;
  }
}

/** ln of the Poisson probability of k over that of a rounded normal number: their common parts never appear. */
function logExcess(k: number, mean: number): number {
  const offset = k - mean + 0.5;
  const rest = (offset * offset) / (2 * mean) - Math.log(series(k, mean));
  if (k < LOG_FACTORIAL.length) return (k + 0.5) * Math.log(mean) - mean - LOG_FACTORIAL[k] + HALF_LOG_TWO_PI + rest;
  return (k + 0.5) * Math.log(mean / k) + (k - mean) - stirling(k) + rest;
}

/** ln of the probability that a normal number of variance `mean` is rounded down to k. */
function logRounded(k: number, mean: number): number {
  const offset = k - mean + 0.5;
  return Math.log(series(k, mean)) - 0.5 * Math.log(mean) - HALF_LOG_TWO_PI - (offset * offset) / (2 * mean);
}

/** The mean of the normal density between k and k + 1, over its value in the middle. */
function series(k: number, mean: number): number {
  const b1 = 1 / (24 * mean);
  const b2 = 0.3 * b1 * b1;
  const c3 = (b1 * b2) / 7;
  const c2 = b2 - 15 * c3;
  const c1 = b1 - 6 * b2 + 45 * c3;
  const c0 = 1 - b1 + 3 * b2 - 15 * c3;
  const offset = k - mean + 0.5;
  const square = (offset * offset) / mean;
  return ((c3 * square + c2) * square + c1) * square + c0;
}

/** ln k! - (k + 1/2) ln k + k - ln(2 pi) / 2, for k of 10 and more. */
function stirling(k: number): number {
  const inverse = 1 / k;
  const square = inverse * inverse;
  return inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
}
