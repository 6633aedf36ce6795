import { costAt, type DtwWorkspace } from './dtwWorkspace.ts';

/**
 * Writes the cheapest path into the workspace, from first cell to last.
 *
 * @param diagonalWeight - what a diagonal step costs, in local costs; null for the asymmetric steps (1, 0), (1, 1), (1, 2).
 */
export function walkBack(
  query: Float64Array,
  reference: Float64Array,
  work: DtwWorkspace,
  diagonalWeight: number | null,
): void {
  const { n, m, pathQuery, pathReference } = work;
  let i = n - 1;
  let j = m - 1;
  let at = n + m;
  for (;;) {
    at--;
    pathQuery[at] = i;
    pathReference[at] = j;
    if (i === 0 && j === 0) break;
    const d = Math.abs(query[i]! - reference[j]!);
    const diagonal = costAt(work, i - 1, j - 1) + (diagonalWeight ?? 1) * d;
    const besides = (diagonalWeight === null ? costAt(work, i - 1, j - 2) : costAt(work, i, j - 1)) + d;
    const onward = costAt(work, i - 1, j) + d;
    if (diagonal <= besides && diagonal <= onward) {
      i--;
      j--;
    } else if (besides <= onward) {
      if (diagonalWeight === null) {
        i--;
        j -= 2;
      } else j--;
    } else i--;
  }
  pathQuery.copyWithin(0, at);
  pathReference.copyWithin(0, at);
  work.length = n + m - at;
}

/**
 * Where on the query each reference channel lies: the mean of the channels matched to it; between those that the path skips, a line.
 *
 * @param work - after `dtw`.
 * @param out - [m] receives fractional channels of the query, not falling.
 * @returns `out`.
 */
export function dtwPositions({ pathQuery, pathReference, length }: DtwWorkspace, out: Float64Array): Float64Array {
  let k = 0;
  let previous = -1;
  while (k < length) {
    const j = pathReference[k]!;
    const first = pathQuery[k]!;
    while (k + 1 < length && pathReference[k + 1] === j) k++;
    // The channels matched to one are neighbours.
    out[j] = 0.5 * (first + pathQuery[k]!);
    for (let skipped = previous + 1; skipped < j; skipped++)
      out[skipped] = out[previous]! + ((out[j]! - out[previous]!) * (skipped - previous)) / (j - previous);
    previous = j;
    k++;
  }
  return out;
}
