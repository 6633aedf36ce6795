import { nextUniform } from './xoshiro128.ts';
import type { RandomState } from './xoshiro128.ts';

/**
 * A standard normal number by Marsaglia's polar method; advances the state by a varying number of words.
 * The second number of each pair is thrown away, so that the generator's words are the whole state.
 * @see Marsaglia and Bray, SIAM Review 6 (1964) 260
 */
export function nextNormal(state: RandomState): number {
  for (;;) {
    const u = 2 * nextUniform(state) - 1;
    const v = 2 * nextUniform(state) - 1;
    const square = u * u + v * v;
    if (square < 1 && square > 0) return u * Math.sqrt((-2 * Math.log(square)) / square);
  }
}
