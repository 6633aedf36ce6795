import { nextUniform, seedXoshiro128 } from '../../../src/kernel/random/xoshiro128.ts';

/** Seeded chance: the same seed, the same trial. */
export interface Random {
  between(from: number, to: number): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** @param stream - another one of the same seed is independent. */
export function createRandom(seed: number, stream = 0): Random {
  const state = seedXoshiro128(seed, stream);
  const between = (from: number, to: number): number => from + (to - from) * nextUniform(state);
  const whole = (from: number, to: number): number => Math.floor(between(from, to + 1));
  return {
    between,
    whole,
    chance: (probability) => nextUniform(state) < probability,
    pick: (list) => list[whole(0, list.length - 1)]!,
  };
}
