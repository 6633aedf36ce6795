import { nextUint32, nextUniform } from './xoshiro128.ts';
import type { RandomState } from './xoshiro128.ts';

/** Below this mean the distribution function is inverted; at and above it, transformed rejection. */
const INVERSION_LIMIT = 10;
/** An inversion this far out (probability below 1e-90) can only be rounding of the summed probabilities. */
const INVERSION_END = 120;
const HALF_LOG_TWO_PI = 0.9189385332046728;
const LOG_FACTORIAL = Float64Array.from([
  0, 0, 0.6931471805599453, 1.791759469228055, 3.1780538303479458, 4.787491742782046, 6.579251212010101,
  8.525161361065415, 10.60460290274525, 12.801827480081469,
]);

/**
 * A Poisson number, exact at every mean: inversion below 10, Hormann's PTRS at and above.
 * Bit-identical for the same state wherever `Math.exp` and `Math.log` are; advances the state by a varying number of words.
 * @param mean expected counts, 0 to 1e15; zero, negative and NaN give 0
 * @see Hormann, Insurance: Mathematics and Economics 12 (1993) 39
 */
export function nextPoisson(state: RandomState, mean: number): number {
  if (mean >= INVERSION_LIMIT) return transformedRejection(state, mean);
  return mean > 0 ? inversion(state, mean) : 0;
}

/**
 * Fills `out` with independent Poisson numbers of the given means.
 * @param means [n] expected counts
 * @param out [n] counts; may be `means` itself
 */
export function fillPoisson(state: RandomState, means: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0; i < means.length; i++) out[i] = nextPoisson(state, means[i]);
  return out;
}

function inversion(state: RandomState, mean: number): number {
  let rest = nextUniform(state);
  // exp(-mean) > 1 - mean, so that most draws of small means need no exponential.
  if (rest < 1 - mean) return 0;
  let probability = Math.exp(-mean);
  let k = 0;
  while (rest >= probability && k < INVERSION_END) {
    rest -= probability;
    k++;
    probability *= mean / k;
  }
  return k;
}

function transformedRejection(state: RandomState, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = nextUniform(state) - 0.5;
    const v = (nextUint32(state) + 0.5) * 2 ** -32;
    const edge = 0.5 - Math.abs(u);
    if (edge === 0) continue;
    const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (edge < 0.013 && v > edge)) continue;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    if (Math.log((v * inverseAlpha) / (a / (edge * edge) + b)) <= logProbability(k, mean)) return k;
  }
}

/** ln of mean^k exp(-mean) / k!, arranged so that it keeps its digits when k and mean are large and alike. */
function logProbability(k: number, mean: number): number {
  if (k < LOG_FACTORIAL.length) return k * Math.log(mean) - mean - LOG_FACTORIAL[k];
  const inverse = 1 / k;
  const square = inverse * inverse;
  const correction = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return k * Math.log(mean / k) + (k - mean) - 0.5 * Math.log(k) - HALF_LOG_TWO_PI - correction;
}
