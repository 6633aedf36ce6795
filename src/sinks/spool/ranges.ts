/** Numbers [from, to) of items that are still to be delivered. */
export interface Range {
  readonly from: number;
  /** Infinity for the last: what is still to come belongs to it. */
  readonly to: number;
}

/** Ranges kept at most; beyond it the two oldest become one, and what lay between is sent twice. */
const MOST_RANGES = 32;

/** How many numbers below `end` the ranges hold. */
export function countPending(ranges: readonly Range[], end: number): number {
  let count = 0;
  for (const { from, to } of ranges) count += Math.max(0, Math.min(to, end) - from);
  return count;
}

/** How many of the numbers [from, to) the ranges hold. */
export const countWithin = (ranges: readonly Range[], from: number, to: number): number =>
  ranges.reduce((sum, range) => sum + Math.max(0, Math.min(range.to, to) - Math.max(range.from, from)), 0);

/** The ranges without [from, to). The last stays open. */
export function without(ranges: readonly Range[], from: number, to: number): Range[] {
  const kept: Range[] = [];
  for (const range of ranges) {
    if (range.to <= from || range.from >= to) kept.push(range);
    else {
      if (range.from < from) kept.push({ from: range.from, to: from });
      if (range.to > to) kept.push({ from: to, to: range.to });
    }
  }
  return kept;
}

/** Cuts the last range at `at`: what comes from there on is live, what lies before is backlog. */
export function cutLive(ranges: readonly Range[], at: number): Range[] {
  const last = ranges.at(-1)!;
  if (at <= last.from) return [...ranges];
  const cut = [...ranges.slice(0, -1), { from: last.from, to: at }, { from: at, to: Infinity }];
  if (cut.length <= MOST_RANGES) return cut;
  return [{ from: cut[0]!.from, to: cut[1]!.to }, ...cut.slice(2)];
}
