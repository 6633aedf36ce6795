import { normalTail } from '../../change/normalTail.ts';
import { SIZE, STRIDE, type BankState, type DamageFilter } from './kalmanBank.ts';

/** Mean of the damage fraction by filter `k`, a dose `ahead` of now. */
export function bankMean({ numbers }: BankState, k: number, ahead: number): number {
  const mean = k * STRIDE;
  return numbers[mean]! + numbers[mean + 1]! * ahead + 0.5 * numbers[mean + 2]! * ahead * ahead;
}

/** Its variance there. Behind now, where the noise is already in the covariance, no more is added. */
export function bankVariance({ numbers }: BankState, { order, noise }: DamageFilter, k: number, ahead: number): number {
  const p = k * STRIDE + SIZE;
  const half = 0.5 * ahead * ahead;
  const carried =
    numbers[p]! +
    2 * ahead * numbers[p + 1]! +
    2 * half * numbers[p + 2]! +
    ahead * ahead * numbers[p + 5]! +
    2 * ahead * half * numbers[p + 6]! +
    half * half * numbers[p + 10]!;
  const fresh = ahead <= 0 ? 0 : order === 1 ? (noise * ahead ** 3) / 3 : (noise * ahead ** 5) / 20;
  return Math.max(carried, 1e-18) + fresh;
}

/** Probability by filter `k` that the damage fraction exceeds `limit` a dose `ahead` of now. */
export function bankOver(state: BankState, filter: DamageFilter, k: number, ahead: number, limit: number): number {
  return normalTail((limit - bankMean(state, k, ahead)) / Math.sqrt(bankVariance(state, filter, k, ahead)));
}
