import { normalQuantile } from '../../change/normalTail.ts';

/**
 * Z = tolerance sqrt(information on the damage fraction collected by the time it is reached / 3): how well damage that
 * grows in proportion to the dose can be told from none when it reaches the tolerance.
 *
 * @param information - Fisher information on the fraction collected over that dose; of windows, counts times that of one count.
 * @param referenceShare - information of the intact reference over `information`; Infinity: exact; 0: learned from the same area.
 */
export function certifiability(tolerance: number, information: number, referenceShare: number): number {
  const known = referenceShare === Infinity ? 0 : 1 / (1 + referenceShare);
  return tolerance * Math.sqrt(Math.max(0, information) * (1 / 3 - 0.25 * known));
}

/**
 * Least Z at which the data can clear a sample at one-sided risk alpha: below it x + z / (Z sqrt(x)) = 1 has no root, and
 * only prior knowledge decides. 4.3 at 5 %.
 */
export function leastCertifiable(alpha: number): number {
  return 1.5 * Math.sqrt(3) * normalQuantile(alpha);
}

/**
 * Dose at which a perfect rule would stop, over the dose at tolerance: the largest root x of x + z / (Z sqrt(x)) = 1.
 *
 * @returns 0 when there is none.
 */
export function bestEfficiency(certainty: number, alpha: number): number {
  const ratio = normalQuantile(alpha) / certainty;
  if (!(certainty >= leastCertifiable(alpha))) return 0;
  let low = 1 / 3;
  let high = 1;
  for (let k = 0; k < 60; k++) {
    const x = 0.5 * (low + high);
    if (x + ratio / Math.sqrt(x) > 1) high = x;
    else low = x;
  }
  return 0.5 * (low + high);
}
