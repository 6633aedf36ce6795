import { countTail } from '../change/countTail.ts';

/** How the values of a frame scatter. */
export type ExcessNoise = 'counts' | 'scaledCounts' | 'given';

/**
 * How far a value lies above a level, in standard deviations of a normal number: for counts from their exact tail,
 * with a level that was itself counted.
 *
 * @param value - the value.
 * @param level - what it is compared with, in the same unit.
 * @param variance - of the value, in its unit squared; not used for counts.
 * @param frames - how many such values the level is the mean of.
 * @param noise - 'scaledCounts': the gain is variance over value.
 * @returns 0 when it is not above.
 * @example
 * excess(9, 5, 4, Infinity, 'given'); // => 2
 */
export function excess(value: number, level: number, variance: number, frames: number, noise: ExcessNoise): number {
  if (value <= level) return 0;
  if (noise === 'given') return variance > 0 ? (value - level) / Math.sqrt(variance * (1 + 1 / frames)) : 0;
  const gain = noise === 'counts' ? 1 : variance / value;
  if (!(gain > 0)) return 0;
  const counts = value / gain;
  const expected = Math.max(level / gain, 0);
  // Cheaply: hardly any channel is worth its exact tail.
  if (counts - expected < 2 * Math.sqrt(expected) + 1) return 0;
  return countTail(counts, expected, 1 / frames);
}
