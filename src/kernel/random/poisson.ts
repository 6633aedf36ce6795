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
const RECIPROCAL = Float64Array.from({ length: INVERSION_END + 1 }, (_, k) => 1 / k);
/** ln k! - (k ln k - k), for counts where a table is faster than a logarithm and a division. */
const STIRLING = Float64Array.from({ length: 1024 }, (_, k) => stirling(k));

/**
 * A Poisson number, exact at every mean: inversion below 10, Hormann's PTRS at and above.
 * Bit-identical for the same state wherever `Math.exp` and `Math.log` are; advances the state by a varying number of words.
 * @param mean expected counts, 0 to 1e15; zero, negative and NaN give 0
 * @see Hormann, Insurance: Mathematics and Economics 12 (1993) 39
 */
export function nextPoisson(state: RandomState, mean: number): number {
  single[0] = mean;
  return fillPoisson(state, single, single)[0];
}

/** Scratch of one number. */
const single = new Float64Array(1);

/**
 * Fills `out` with independent Poisson numbers of the given means, the same as `nextPoisson` gives one after another.
 * @param means [n] expected counts
 * @param out [n] counts; may be `means` itself
 */
export function fillPoisson(state: RandomState, means: Float64Array, out: Float64Array): Float64Array {
  // xoshiro128** written out, its words in registers: called three times per number, it would cost a third of the time.
  let s0 = state[0] | 0;
  let s1 = state[1] | 0;
  let s2 = state[2] | 0;
  let s3 = state[3] | 0;
  for (let i = 0; i < means.length; i++) {
    const mean = means[i];
    if (!(mean > 0)) {
      out[i] = 0;
      continue;
    }
    const isInverted = mean < INVERSION_LIMIT;
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const squeeze = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      let word = Math.imul(s1, 5);
      const high = Math.imul((word << 7) | (word >>> 25), 9) >>> 5;
      let shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      word = Math.imul(s1, 5);
      const low = Math.imul((word << 7) | (word >>> 25), 9) >>> 6;
      shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      const uniform = (high * 0x4000000 + low) * 2 ** -53;
      if (isInverted) {
        out[i] = inversion(uniform, mean);
        break;
      }
      word = Math.imul(s1, 5);
      const v = ((Math.imul((word << 7) | (word >>> 25), 9) >>> 0) + 0.5) * 2 ** -32;
      shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      const u = uniform - 0.5;
      const edge = 0.5 - Math.abs(u);
      if (edge === 0) continue;
      const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
      if (edge < 0.07 || v > squeeze) {
        if (k < 0 || (edge < 0.013 && v > edge)) continue;
        const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        if (Math.log((v * inverseAlpha) / (a / (edge * edge) + b)) > logProbability(k, mean)) continue;
      }
      out[i] = k;
      break;
    }
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
  return out;
}

function inversion(uniform: number, mean: number): number {
  // exp(-mean) > 1 - mean, so that most draws of small means need no exponential.
  if (uniform < 1 - mean) return 0;
  let rest = uniform;
  let probability = Math.exp(-mean);
  let k = 0;
  while (rest >= probability && k < INVERSION_END) {
    rest -= probability;
    k++;
    probability *= mean * RECIPROCAL[k];
  }
  return k;
}

/** ln of mean^k exp(-mean) / k!, arranged so that it keeps its digits when k and mean are large and alike. */
function logProbability(k: number, mean: number): number {
  if (k < LOG_FACTORIAL.length) return k * Math.log(mean) - mean - LOG_FACTORIAL[k];
  return k * Math.log(mean / k) + (k - mean) - (k < STIRLING.length ? STIRLING[k] : stirling(k));
}

/** ln k! - (k ln k - k) for k of 10 and more. */
function stirling(k: number): number {
  const inverse = 1 / k;
  const square = inverse * inverse;
  const correction = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return 0.5 * Math.log(k) + HALF_LOG_TWO_PI + correction;
}
