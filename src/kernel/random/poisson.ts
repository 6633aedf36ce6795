import { correctedPoisson } from './poissonCorrection.ts';
import { CUMULATED, GUIDE, TABLE_COUNTS, TABLES_END, TABLES_PER_UNIT } from './poissonTables.ts';
import type { RandomState } from './xoshiro128.ts';
import { outsideZiggurat, ZIGGURAT_EDGES, ZIGGURAT_INSIDE } from './ziggurat.ts';

/** An inversion this far out (probability below 1e-40) can only be rounding of the summed probabilities. */
const INVERSION_END = 25;

/**
 * A Poisson number: below 10 one of a table's mean and one of the small rest, at and above Ahrens and Dieter's rounded
 * normal numbers with correction.
 * Bit-identical for the same state wherever `Math.exp` and `Math.log` are; advances the state by a varying number of words.
 * @param mean expected counts, 0 to 1e15; zero, negative and NaN give 0
 * @see Ahrens and Dieter, ACM Transactions on Mathematical Software 8 (1982) 163
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
  // xoshiro128** written out, its words in registers: called three times per number, it would cost most of the time.
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
    let word = Math.imul(s1, 5);
    const first = Math.imul((word << 7) | (word >>> 25), 9);
    let shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    word = Math.imul(s1, 5);
    const second = Math.imul((word << 7) | (word >>> 25), 9);
    shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    word = Math.imul(s1, 5);
    const third = Math.imul((word << 7) | (word >>> 25), 9) >>> 0;
    shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    if (mean < TABLES_END) {
      const table = Math.floor(mean * TABLES_PER_UNIT);
      const rest = mean - table / TABLES_PER_UNIT;
      const uniform = ((first >>> 5) * 0x4000000 + (second >>> 6)) * 2 ** -53;
      const from = table * TABLE_COUNTS;
      let k = GUIDE[from + Math.floor(uniform * TABLE_COUNTS)];
      while (uniform >= CUMULATED[from + k]) k++;
      // The bits that the first number left over make the second fine enough.
      const other = third * 2 ** -32 + (((first & 31) << 6) | (second & 63)) * 2 ** -43;
      // exp(-rest) > 1 - rest, so that most draws need no exponential.
      out[i] = other < 1 - rest ? k : k + inversion(other, rest);
      continue;
    }
    const uniform = (third + 0.5) * 2 ** -32;
    // Eight bits choose the layer, 53 the place in it: -1 to 1.
    const layer = first & 0xff;
    const place = ((first >> 9) * 0x40000000 + (second >>> 2)) * 2 ** -52;
    const k = Math.floor(mean + Math.sqrt(mean) * place * ZIGGURAT_EDGES[layer]);
    const below = mean - k;
    if (Math.abs(place) < ZIGGURAT_INSIDE[layer] && k >= 0 && below * below * below <= 6 * mean * mean * uniform) {
      out[i] = k;
      continue;
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
    out[i] = openPoisson(state, mean, layer, place, uniform);
    s0 = state[0] | 0;
    s1 = state[1] | 0;
    s2 = state[2] | 0;
    s3 = state[3] | 0;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
  return out;
}

/** The number that the quick test leaves open. */
function openPoisson(state: RandomState, mean: number, layer: number, place: number, uniform: number): number {
  let normal = place * ZIGGURAT_EDGES[layer];
  if (Math.abs(place) >= ZIGGURAT_INSIDE[layer]) {
    normal = Math.sign(place) * outsideZiggurat(state, layer, Math.abs(normal));
    if (Number.isNaN(normal)) return nextPoisson(state, mean);
  }
  return correctedPoisson(state, mean, Math.floor(mean + Math.sqrt(mean) * normal), uniform);
}

/** @param mean up to 1/4 */
function inversion(uniform: number, mean: number): number {
  let rest = uniform;
  let probability = Math.exp(-mean);
  let k = 0;
  while (rest >= probability && k < INVERSION_END) {
    rest -= probability;
    k++;
    probability *= mean / k;
  }
  return k;
}
