import { refusal } from '../refusal.ts';
import type { PowerLawWindow } from './powerLaw.ts';

/** @throws RangeError for a window that leaves the counts, is too short, starts at 0 eV, or holds a value that is not finite. */
export function checkWindow(counts: Float64Array, { offset, step, first, end }: PowerLawWindow): void {
  if (!(first >= 0 && end <= counts.length))
    throw refusal('WindowOutsideAxis', `channels ${first} to ${end}, expected a part of 0 to ${counts.length}`);
  if (end - first < 2) throw refusal('WindowTooShort', `a window of ${end - first} channels, expected at least 2`);
  if (!(offset + first * step > 0))
    throw refusal('NonPositiveEnergy', `the window starts at ${offset + first * step} eV, expected above 0`);
  for (let i = first; i < end; i++)
    if (counts[i]! - counts[i]! !== 0)
      throw refusal('NonFiniteInput', `counts[${i}] is ${counts[i]}, expected a finite number`);
}
