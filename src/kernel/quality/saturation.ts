/**
 * Marks the channels at the detector's ceiling.
 *
 * @param values - [n].
 * @param ceiling - in the unit of the values; null when not known, then the channels that share the highest value.
 * @param bad - [n] 1 = do not use; receives 1 where a channel is at the ceiling.
 * @returns how many were marked, and the first and last of them.
 * @example
 * markSaturated(Float64Array.of(3, 255, 255), 255, new Uint8Array(3)); // => { count: 2, first: 1, last: 2 }
 */
export function markSaturated(
  values: Float64Array,
  ceiling: number | null,
  bad: Uint8Array,
): { count: number; first: number; last: number } {
  let top = ceiling ?? -Infinity;
  if (ceiling === null) for (let i = 0; i < values.length; i++) if (bad[i] !== 1) top = Math.max(top, values[i]!);
  let count = 0;
  let first = -1;
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (bad[i] === 1 || values[i]! < top) continue;
    bad[i] = 1;
    count++;
    if (first < 0) first = i;
    last = i;
  }
  return { count, first, last };
}
