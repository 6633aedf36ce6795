import { observeDamage, type DamageState } from './damageAccount.ts';
import type { DamageWork } from './damageWork.ts';

/** Dose that frames are held for, in units of the median of the prior. */
const HELD_DOSE = 0.002;

/**
 * As {@link observeDamage}, for frames that come faster than they need be looked at: holds them until together they are
 * a 500th of the median of the prior.
 *
 * @returns whether they were taken.
 */
export function holdDamage(
  state: DamageState,
  work: DamageWork,
  dose: number,
  rate: number,
  fraction: number,
  variance: number,
): boolean {
  const { held } = state;
  held.dose += dose;
  if (variance > 0 && variance < Infinity) {
    held.precision += 1 / variance;
    held.sum += fraction / variance;
  }
  if (held.dose < HELD_DOSE) return false;
  const isMeasured = held.precision > 0;
  const [all, mean] = [held.dose, isMeasured ? held.sum / held.precision : 0];
  const error = isMeasured ? 1 / held.precision : Infinity;
  held.dose = held.precision = held.sum = 0;
  observeDamage(state, work, all, rate, mean, error);
  return true;
}
