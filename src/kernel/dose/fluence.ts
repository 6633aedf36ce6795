/** Elementary charge, C; exact since 2019. */
const ELEMENTARY_CHARGE = 1.602176634e-19;

/** A running sum with its compensation: plain data, kept together. */
export type FluenceAccount = { sum: number; compensation: number };

/**
 * Electron fluence of one exposure, current x time / (e x area).
 *
 * @param currentA - beam current, A; negative readings of an ammeter count as 0.
 * @param exposureUs - microseconds, >= 0.
 * @param areaNm2 - illuminated area, nm2, > 0.
 * @returns electrons per nm2.
 * @throws RangeError when the area is not positive, or current or exposure are not finite.
 * @example
 * fluenceOf(1.602176634e-19, 1e6, 1); // => 1
 */
export function fluenceOf(currentA: number, exposureUs: number, areaNm2: number): number {
  if (!(areaNm2 > 0)) throw new RangeError(`area is ${areaNm2} nm2, expected a positive number`);
  if (!Number.isFinite(currentA) || !Number.isFinite(exposureUs))
    throw new RangeError(`current ${currentA} A over ${exposureUs} us, expected finite numbers`);
  return (Math.max(0, currentA) * Math.max(0, exposureUs) * 1e-6) / (ELEMENTARY_CHARGE * areaNm2);
}

/**
 * Adds to an account by Neumaier's compensated summation, so that 10^8 frames still add up to 1e-12. Never decreases.
 *
 * @param account - changed in place.
 * @param fluence - electrons per nm2; negative and NaN add nothing.
 * @returns the total.
 * @see Neumaier, Z. Angew. Math. Mech. 54 (1974) 39.
 */
export function chargeFluence(account: FluenceAccount, fluence: number): number {
  if (fluence > 0) {
    const next = account.sum + fluence;
    account.compensation += account.sum >= fluence ? account.sum - next + fluence : fluence - next + account.sum;
    account.sum = next;
  }
  return account.sum + account.compensation;
}
