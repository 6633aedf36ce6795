import { refusal } from './refusal.ts';

/**
 * Refuses what is not a number, or infinite.
 *
 * @param values - [n].
 * @param what - what they are called in the refusal.
 * @throws RangeError NonFiniteInput, naming the first.
 */
export function checkFinite(values: Float64Array, what: string): void {
  for (let i = 0; i < values.length; i++)
    if (values[i]! - values[i]! !== 0)
      throw refusal('NonFiniteInput', `${what}[${i}] is ${values[i]}, expected a finite number`);
}
