import { refusal } from '../refusal.ts';

/** What `dtw` works in, and leaves its answer in. */
export interface DtwWorkspace {
  /** Channels of query and reference. */
  readonly n: number;
  readonly m: number;
  /** Half width w of the band |i - j| <= w (Sakoe and Chiba), channels. */
  readonly halfWidth: number;
  /** Cumulated costs, row after row; cells outside the band are Infinity. */
  readonly costs: Float64Array;
  /** Cells from one row to the next. */
  readonly stride: number;
  /** [n + m] the channels matched, from first to last; `length` of them count. */
  readonly pathQuery: Uint32Array;
  readonly pathReference: Uint32Array;
  length: number;
}

/** Cells before the first and behind the last of a row: the widest step looks two back. */
const PAD = 2;

/**
 * Makes what `dtw` works in.
 *
 * @param n - channels of the query, >= 1.
 * @param m - channels of the reference, >= 1.
 * @param halfWidth - channels the path may leave the diagonal; null for no band.
 * @throws RangeError EmptyInput, OutOfRange.
 */
export function createDtwWorkspace(n: number, m: number, halfWidth: number | null): DtwWorkspace {
  if (n < 1 || m < 1) throw refusal('EmptyInput', `an alignment of ${n} channels with ${m}`);
  if (halfWidth !== null && (!Number.isInteger(halfWidth) || halfWidth < 0))
    throw refusal('OutOfRange', `the half width of the band is ${halfWidth}, expected an integer >= 0`);
  const widest = Math.max(n, m) - 1;
  const w = Math.min(halfWidth ?? widest, widest);
  const stride = Math.min(m, 2 * w + 1) + 2 * PAD;
  return {
    n,
    m,
    halfWidth: w,
    costs: new Float64Array(n * stride).fill(Infinity),
    stride,
    pathQuery: new Uint32Array(n + m),
    pathReference: new Uint32Array(n + m),
    length: 0,
  };
}

/** Where cell (i, 0) would lie among the costs: cell (i, j) lies j further. Rows of a narrow band move along with the diagonal. */
export function rowOffset({ stride, m, halfWidth }: DtwWorkspace, i: number): number {
  return i * stride + PAD - (stride < m + 2 * PAD ? i - halfWidth : 0);
}

/** Cost of cell (i, j), Infinity outside the band. */
export function costAt(work: DtwWorkspace, i: number, j: number): number {
  return i < 0 || j < 0 || Math.abs(i - j) > work.halfWidth ? Infinity : work.costs[rowOffset(work, i) + j]!;
}
