import { SPLITMIX_STEP, splitmix32 } from './splitmix32.ts';

/** State of a xoshiro128** generator: [4], not all zero. Plain data: copy it to branch, store it to continue. */
export type RandomState = Uint32Array;

const STREAM_FACTOR = 0x85ebca6b;

/**
 * Sets a xoshiro128** state from a seed and a stream number, by four words of splitmix32.
 * Different streams of one seed are independent for all practical purposes, so that each purpose can have its own.
 * @param seed integer; its low 32 bits count
 * @param stream integer; its low 32 bits count
 * @param out [4] overwritten; made when left out
 */
export function seedXoshiro128(seed: number, stream: number, out: RandomState = new Uint32Array(4)): RandomState {
  let counter = (seed ^ Math.imul(stream, STREAM_FACTOR)) | 0;
  for (let i = 0; i < 4; i++) {
    out[i] = splitmix32(counter);
    counter = (counter + SPLITMIX_STEP) | 0;
  }
  return out;
}

/**
 * xoshiro128**: the next 32 random bits; advances the state in place. Period 2^128 - 1.
 * @see Blackman and Vigna, ACM Transactions on Mathematical Software 47 (2021), article 36
 */
export function nextUint32(state: RandomState): number {
  const s0 = state[0];
  const s1 = state[1];
  const s2 = state[2] ^ s0;
  const s3 = state[3] ^ s1;
  const product = Math.imul(s1, 5);
  state[0] = s0 ^ s3;
  state[1] = s1 ^ s2;
  state[2] = s2 ^ (s1 << 9);
  state[3] = (s3 << 11) | (s3 >>> 21);
  return Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
}

/** A uniform number in [0, 1) with 53 random bits (two words). */
export function nextUniform(state: RandomState): number {
  const high = nextUint32(state) >>> 5;
  return (high * 0x4000000 + (nextUint32(state) >>> 6)) * 2 ** -53;
}
