import { seedXoshiro128 } from '../../src/kernel/random/xoshiro128.ts';
import type { RandomState } from '../../src/kernel/random/xoshiro128.ts';

/** Every purpose has its own stream in every frame, so that switching one effect off leaves the others bit-identical. */
export const Purpose = { counts: 0, fixedPattern: 1, drift: 2, cosmicRays: 3, faults: 4, slow: 5, areas: 6 } as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

const FRAMES = 2 ** 24;

/** Sets the generator of one purpose in one frame. */
export function seedPurpose(seed: number, purpose: Purpose, frame: number, out?: RandomState): RandomState {
  return seedXoshiro128(seed, purpose * FRAMES + (frame % FRAMES), out);
}
