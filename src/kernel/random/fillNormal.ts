import type { RandomState } from './xoshiro128.ts';

/**
 * Fills `out` with independent standard normal numbers by Marsaglia's polar method, both of each pair; of an odd
 * number the last is thrown away. Two words to an attempt, so they are other numbers than those of `nextNormal`, and
 * none is beyond 9.4. Advances the state by a varying number of words.
 * @param out [n]
 * @see Marsaglia and Bray, SIAM Review 6 (1964) 260
 */
export function fillNormal(state: RandomState, out: Float64Array): Float64Array {
  // xoshiro128** written out, its words in registers, as in `fillPoisson`.
  let s0 = state[0] | 0;
  let s1 = state[1] | 0;
  let s2 = state[2] | 0;
  let s3 = state[3] | 0;
  for (let i = 0; i < out.length; i += 2) {
    let u = 0;
    let v = 0;
    let square = 0;
    do {
      let word = Math.imul(s1, 5);
      u = Math.imul((word << 7) | (word >>> 25), 9) * 2 ** -31;
      let shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      word = Math.imul(s1, 5);
      v = Math.imul((word << 7) | (word >>> 25), 9) * 2 ** -31;
      shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    out[i] = u * factor;
    if (i + 1 < out.length) out[i + 1] = v * factor;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
  return out;
}
