import { refusal } from '../refusal.ts';
import { jacobiSvd } from './jacobiSvd.ts';
import type { LowRankMap } from './lowRankMap.ts';
import { around, checkStandards, meanOf, type Standards } from './standards.ts';

/**
 * Direct standardisation: regresses the whole spectrum of the master on the principal components of the slave's standards. The two may have
 * different channels; what the standards do not span is lost.
 *
 * @param standards - at least two.
 * @param components - integer >= 1; at most as many as the standards tell apart are used.
 * @throws RangeError TooFewStandards, LengthMismatch, NonFiniteInput, OutOfRange.
 * @see Wang, Veltkamp and Kowalski, Anal. Chem. 63 (1991) 2750.
 */
export function learnDirect(standards: Standards, components: number): LowRankMap {
  checkStandards(standards, 'any');
  if (!Number.isInteger(components) || components < 1)
    throw refusal('OutOfRange', `components is ${components}, expected an integer >= 1`);
  const from = meanOf(standards.slave);
  const to = meanOf(standards.master);
  const masters = around(standards.master, to);
  const { scaled, right, values } = jacobiSvd(around(standards.slave, from));
  const inwards: Float64Array[] = [];
  const outwards: Float64Array[] = [];
  // Centred standards span one direction less than there are.
  const most = Math.min(components, values.length - 1);
  for (let k = 0; k < most && values[k]! > 0; k++) {
    const perValue = 1 / values[k]!;
    inwards.push(scaled[k]!.map((value) => value * perValue));
    const outward = new Float64Array(to.length);
    masters.forEach((row, standard) => {
      const share = right[k]![standard]! * perValue;
      for (let j = 0; j < outward.length; j++) outward[j] = outward[j]! + share * row[j]!;
    });
    outwards.push(outward);
  }
  return { kind: 'lowRank', identity: false, from, to, inwards, outwards };
}
