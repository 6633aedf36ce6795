import type { RandomState } from './xoshiro128.ts';
import { outsideZiggurat, ZIGGURAT_EDGES, ZIGGURAT_INSIDE } from './ziggurat.ts';

/**
 * Fills `out` with independent standard normal numbers by the ziggurat. Other numbers than those of `nextNormal`.
 * Advances the state by a varying number of words, two for nearly every number.
 * @param out [n]
 * @see Marsaglia and Tsang, Journal of Statistical Software 5 (2000) 8
 */
export function fillNormal(state: RandomState, out: Float64Array): Float64Array {
  // xoshiro128** written out, its words in registers, as in `fillPoisson`.
  let s0 = state[0] | 0;
  let s1 = state[1] | 0;
  let s2 = state[2] | 0;
  let s3 = state[3] | 0;
  for (let i = 0; i < out.length; i++) {
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
    // Eight bits choose the layer, 53 the place in it: -1 to 1.
    const layer = first & 0xff;
    const place = ((first >> 9) * 0x40000000 + (second >>> 2)) * 2 ** -52;
    out[i] = place * ZIGGURAT_EDGES[layer];
    if (Math.abs(place) < ZIGGURAT_INSIDE[layer]) continue;
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
    out[i] = Math.sign(place) * outsideZiggurat(state, layer, Math.abs(out[i]));
    s0 = state[0] | 0;
    s1 = state[1] | 0;
    s2 = state[2] | 0;
    s3 = state[3] | 0;
    if (Number.isNaN(out[i])) i--;
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
  return out;
}
