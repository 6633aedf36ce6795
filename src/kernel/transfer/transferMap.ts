import { applyBanded, type BandedMap, type CarriedVariances } from './bandedMap.ts';
import { applyLowRank, type LowRankMap } from './lowRankMap.ts';

/** Any map from the spectra of one instrument to those of another. */
export type TransferMap = BandedMap | LowRankMap;

/**
 * Carries a spectrum over.
 *
 * @param values - [n], finite.
 * @param carried - variances that go along.
 * @param scratch - [n], not `values`.
 * @param out - [m], neither.
 * @returns `out`.
 * @throws RangeError LengthMismatch.
 */
export function applyTransfer(
  values: Float64Array,
  map: TransferMap,
  carried: CarriedVariances,
  scratch: Float64Array,
  out: Float64Array,
): Float64Array {
  return map.kind === 'banded'
    ? applyBanded(values, map, carried, out)
    : applyLowRank(values, map, carried, scratch, out);
}

/** Channels of the master a map leads to. */
export const widthOf = (map: TransferMap): number => (map.kind === 'banded' ? map.offset.length : map.to.length);
