import type { Frame } from './frame.ts';

/**
 * Variances of the channels of a frame: as given; of counts the counts, a count of zero being taken to have a mean of one; else unknown.
 *
 * @param scratch - [layout.size] holds those of counts.
 * @returns [layout.size], in the unit of the values squared; undefined when nothing is known.
 */
export function frameVariances(
  { variances, values, layout }: Pick<Frame, 'variances' | 'values' | 'layout'>,
  scratch: Float64Array,
): Float64Array | undefined {
  if (variances !== undefined || layout.noise !== 'poisson') return variances;
  for (let i = 0; i < scratch.length; i++) scratch[i] = Math.max(values[i], 1);
  return scratch;
}
