/**
 * splitmix32: one 32-bit word from a counter, used to spread a seed over a larger state.
 * `z = counter + 0x9E3779B9`, then two multiply-and-shift rounds.
 * @param counter any integer; only its low 32 bits count. The next counter is `counter + 0x9E3779B9`.
 * @returns an unsigned 32-bit integer
 */
export function splitmix32(counter: number): number {
  let z = (counter + SPLITMIX_STEP) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** What the counter grows by from one word to the next. */
export const SPLITMIX_STEP = 0x9e3779b9;
