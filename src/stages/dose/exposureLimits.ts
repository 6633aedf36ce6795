import { DAMAGE, DOSE } from '../../model/doseReading.ts';
import type { Reading } from '../../model/signal.ts';

/** What the dose account and the damage estimate last said: plain data. */
export type HeardLimits = {
  /** Frame of the last word of the account; -1 before the first. */
  doseSeq: number;
  spent: number;
  fraction: number;
  next: number;
  isDoseKnown: boolean;
  over: number;
};

export const createHeardLimits = (): HeardLimits => ({
  doseSeq: -1,
  spent: 0,
  fraction: 0,
  next: 0,
  isDoseKnown: true,
  over: 0,
});

/** Takes in what a reading says of the budget or of damage. */
export function hearLimit(
  heard: HeardLimits,
  { stage, name, value, quality, seq }: Reading,
  { dose, damage }: { readonly dose?: string | undefined; readonly damage?: string | undefined },
): void {
  const isKnown = quality === 'valid' && Number.isFinite(value);
  if (name === DAMAGE.overNext) {
    // Damage that cannot be estimated may be any.
    if (damage === undefined || stage === damage) heard.over = isKnown ? value : 1;
    return;
  }
  if (dose !== undefined && stage !== dose) return;
  if (name === DOSE.spent) heard.spent = value;
  else if (name === DOSE.fraction) heard.fraction = value;
  else if (name === DOSE.next) heard.next = value;
  else return;
  heard.doseSeq = seq;
  heard.isDoseKnown = isKnown;
}

/**
 * Highest exposure of the frame after `seq` that keeps within the budget.
 *
 * @param present - exposure of the present frames, relative to nominal: that of which the account says what the next delivers.
 * @returns relative to nominal; Infinity without a budget or a beam.
 */
export function budgetedExposure(
  { doseSeq, spent, fraction, next }: HeardLimits,
  present: number,
  seq: number,
): number {
  if (!(fraction > 0 && spent > 0 && next > 0 && present > 0)) return Infinity;
  const left = spent / fraction - spent;
  // The account may not have heard of the newest frames yet.
  const unheard = Math.max(0, seq - doseSeq) * next;
  return Math.max(0, (present * (left - unheard)) / next);
}
