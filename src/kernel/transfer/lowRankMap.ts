import { dot } from '../array/dot.ts';
import { refusal } from '../refusal.ts';
import type { CarriedVariances } from './bandedMap.ts';

/** y = to + [x - from] + sum over k of (inwards_k (x - from)) outwards_k; what stands in brackets only with `identity`. */
export interface LowRankMap {
  readonly kind: 'lowRank';
  readonly identity: boolean;
  /** [n] mean of the slave. */
  readonly from: Float64Array;
  /** [m] mean of the master; m = n with `identity`. */
  readonly to: Float64Array;
  /** [K] of [n]. */
  readonly inwards: readonly Float64Array[];
  /** [K] of [m]. */
  readonly outwards: readonly Float64Array[];
}

/**
 * Carries a spectrum over, by two products per component.
 *
 * @param values - [n], finite.
 * @param carried - variances that go along.
 * @param centred - [n] scratch, not `values`.
 * @param out - [m], neither `values` nor `centred`.
 * @returns `out`.
 * @throws RangeError LengthMismatch.
 */
export function applyLowRank(
  values: Float64Array,
  map: LowRankMap,
  { variances, outVariances }: CarriedVariances,
  centred: Float64Array,
  out: Float64Array,
): Float64Array {
  const { identity, from, to, inwards, outwards } = map;
  if (values.length !== from.length || out.length !== to.length)
    throw refusal(
      'LengthMismatch',
      `${values.length} channels into ${out.length}, expected ${from.length} into ${to.length}`,
    );
  for (let i = 0; i < from.length; i++) centred[i] = values[i]! - from[i]!;
  for (let j = 0; j < to.length; j++) out[j] = to[j]! + (identity ? centred[j]! : 0);
  for (let k = 0; k < inwards.length; k++) {
    const score = dot(inwards[k]!, centred);
    const outward = outwards[k]!;
    for (let j = 0; j < outward.length; j++) out[j] = out[j]! + score * outward[j]!;
  }
  if (variances !== undefined && outVariances !== undefined) carryVariances(map, variances, outVariances);
  return out;
}

/** var y_j = [v_j (1 + 2 sum_k in_kj out_kj)] + sum_kl out_kj out_lj sum_i v_i in_ki in_li. */
function carryVariances({ identity, inwards, outwards }: LowRankMap, variances: Float64Array, out: Float64Array): void {
  out.fill(0);
  if (identity) out.set(variances);
  for (let k = 0; k < inwards.length; k++) {
    const a = outwards[k]!;
    for (let l = 0; l <= k; l++) {
      let shared = 0;
      for (let i = 0; i < variances.length; i++) shared += variances[i]! * inwards[k]![i]! * inwards[l]![i]!;
      if (l < k) shared *= 2;
      const b = outwards[l]!;
      for (let j = 0; j < out.length; j++) out[j] = out[j]! + shared * a[j]! * b[j]!;
    }
    if (identity) for (let j = 0; j < out.length; j++) out[j] = out[j]! + 2 * variances[j]! * inwards[k]![j]! * a[j]!;
  }
  for (let j = 0; j < out.length; j++) if (out[j]! < 0) out[j] = 0;
}
