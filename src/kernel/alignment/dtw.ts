import { checkFinite } from '../checkFinite.ts';
import { refusal } from '../refusal.ts';
import { fillAsymmetric, fillSymmetric } from './dtwCells.ts';
import { walkBack } from './dtwPath.ts';
import { costAt, type DtwWorkspace } from './dtwWorkspace.ts';

/**
 * How far one step of the path goes, and what it costs. 'symmetric1': each costs d. 'symmetric2': a diagonal step costs 2 d, so that all
 * paths weigh the same. 'asymmetric': every query channel once, steps (1, 0), (1, 1), (1, 2) of d each.
 */
export type StepPattern = 'symmetric1' | 'symmetric2' | 'asymmetric';

export interface DtwOptions {
  /** @default 'symmetric2' */
  readonly stepPattern?: StepPattern;
}

export interface DtwResult {
  /** Cost of the cheapest path, in the unit of the values. */
  readonly distance: number;
  /** Per unit of path weight: over n + m ('symmetric2') or n ('asymmetric'); null for 'symmetric1', whose paths weigh differently. */
  readonly normalizedDistance: number | null;
}

/**
 * Dynamic time warping with the local cost |a - b|: the cheapest monotone matching of two spectra from end to end. Ties go to the diagonal.
 *
 * @param query - [n], finite.
 * @param reference - [m], finite.
 * @param work - from `createDtwWorkspace`; receives the path and the costs.
 * @returns the cost of the path.
 * @throws RangeError NonFiniteInput, LengthMismatch, BandInfeasible (no path stays in the band).
 * @see Sakoe and Chiba, IEEE Trans. Acoust. Speech Signal Process. 26 (1978) 43; Giorgino, J. Stat. Softw. 31 (2009) 7.
 */
export function dtw(
  query: Float64Array,
  reference: Float64Array,
  work: DtwWorkspace,
  { stepPattern = 'symmetric2' }: DtwOptions = {},
): DtwResult {
  const { n, m, halfWidth } = work;
  if (query.length !== n || reference.length !== m)
    throw refusal('LengthMismatch', `${query.length} and ${reference.length} channels, expected ${n} and ${m}`);
  checkFinite(query, 'query');
  checkFinite(reference, 'reference');
  const isSymmetric = stepPattern !== 'asymmetric';
  const diagonalWeight = stepPattern === 'symmetric2' ? 2 : 1;
  if (isSymmetric) fillSymmetric(query, reference, work, diagonalWeight);
  else fillAsymmetric(query, reference, work);
  const distance = costAt(work, n - 1, m - 1);
  if (distance === Infinity)
    throw refusal('BandInfeasible', `no path from end to end of ${n} and ${m} channels within ${halfWidth}`);
  walkBack(query, reference, work, isSymmetric ? diagonalWeight : null);
  const weight = stepPattern === 'symmetric2' ? n + m : n;
  return { distance, normalizedDistance: stepPattern === 'symmetric1' ? null : distance / weight };
}
