/** Frames for which a channel that was full stays out: left in whenever it happens to fall below, it would look too low. */
const HELD = 200;

/**
 * Marks the channels at the detector's ceiling, now or in one of the last 200 frames.
 *
 * @param values - [n].
 * @param ceiling - in the unit of the values; null when not known, then the channels that share the highest value.
 * @param held - [n] frames for which each channel is still to be left out; changed.
 * @param bad - [n] 1 = do not use; receives 1 where a channel is, or was, at the ceiling.
 * @returns how many were marked; and the first and last of those that are full now, -1 when none is.
 * @example
 * markSaturated(Float64Array.of(3, 255, 255), 255, new Uint8Array(3), new Uint8Array(3)); // => { count: 2, first: 1, last: 2 }
 */
export function markSaturated(
  values: Float64Array,
  ceiling: number | null,
  held: Uint8Array,
  bad: Uint8Array,
): { count: number; first: number; last: number } {
  const top = ceiling ?? highest(values, bad);
  let count = 0;
  let first = -1;
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (bad[i] === 1) continue;
    if (values[i]! >= top) {
      held[i] = HELD;
      if (first < 0) first = i;
      last = i;
    } else if (held[i]! > 0) held[i]!--;
    if (held[i] === 0) continue;
    bad[i] = 1;
    count++;
  }
  return { count, first, last };
}

function highest(values: Float64Array, bad: Uint8Array): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) if (bad[i] !== 1) most = Math.max(most, values[i]!);
  return most;
}
