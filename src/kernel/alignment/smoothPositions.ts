/**
 * Smooths where channels lie by a running mean of `window` channels, narrower towards the ends, which stay: noise lets a path wander where
 * there is nothing to align. What did not fall before does not fall after.
 *
 * @param positions - [m].
 * @param window - channels, an odd number; 1 copies.
 * @param out - [m], not `positions`.
 * @returns `out`.
 */
export function smoothPositions(positions: Float64Array, window: number, out: Float64Array): Float64Array {
  const m = positions.length;
  const half = (window - 1) >> 1;
  for (let j = 0; j < m; j++) {
    const reach = Math.min(half, j, m - 1 - j);
    let sum = 0;
    for (let k = j - reach; k <= j + reach; k++) sum += positions[k]!;
    out[j] = sum / (2 * reach + 1);
  }
  return out;
}
