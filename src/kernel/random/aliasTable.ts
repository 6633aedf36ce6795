import { nextUniform } from './xoshiro128.ts';
import type { RandomState } from './xoshiro128.ts';

/** A discrete distribution that is drawn from in constant time. Plain data. */
export interface AliasTable {
  /** Sum of the weights. */
  total: number;
  /** [n] probability of staying in a column. */
  readonly stay: Float64Array;
  /** [n] where to go otherwise. */
  readonly alias: Int32Array;
}

/**
 * Walker's alias table, built by Vose's method.
 * @param weights [n] >= 0, not all zero for a table that is drawn from
 * @param out overwritten; made when left out
 * @see Vose, IEEE Transactions on Software Engineering 17 (1991) 972
 */
export function buildAliasTable(
  weights: Float64Array,
  out: AliasTable = { total: 0, stay: new Float64Array(weights.length), alias: new Int32Array(weights.length) },
): AliasTable {
  const n = weights.length;
  const { stay, alias } = out;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i]!;
  out.total = total;
  // Columns below the mean from the front, above it from the back.
  const waiting = new Int32Array(n);
  let small = 0;
  let large = n;
  for (let i = 0; i < n; i++) {
    stay[i] = total > 0 ? (weights[i]! * n) / total : 1;
    alias[i] = i;
    if (stay[i]! < 1) waiting[small++] = i;
    else waiting[--large] = i;
  }
  while (small > 0 && large < n) {
    const low = waiting[--small]!;
    const high = waiting[large]!;
    alias[low] = high;
    stay[high] = stay[high]! + stay[low]! - 1;
    if (stay[high] < 1) {
      large++;
      waiting[small++] = high;
    }
  }
  // What is left over is 1 but for rounding.
  while (small > 0) stay[waiting[--small]!] = 1;
  while (large < n) stay[waiting[large++]!] = 1;
  return out;
}

/** A channel, with probability weights[channel] / total; two words of the generator. */
export function drawAlias({ stay, alias }: AliasTable, random: RandomState): number {
  const place = nextUniform(random) * stay.length;
  const column = Math.floor(place);
  return place - column < stay[column]! ? column : alias[column]!;
}
