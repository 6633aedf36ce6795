/**
 * Copies the values and draws a straight line over masked channels, so that a neighbourhood method does not fall into them.
 *
 * @param values - [n].
 * @param mask - [n], 1 = bridge; undefined copies.
 * @param out - [n]; may be `values`.
 * @returns `out`; beyond the first and last good channel their values are repeated, and with none it is all zero.
 */
export function bridgeMasked(values: Float64Array, mask: Uint8Array | undefined, out: Float64Array): Float64Array {
  const n = values.length;
  if (out !== values) out.set(values);
  if (mask === undefined) return out;
  let last = -1;
  for (let i = 0; i <= n; i++) {
    if (i < n && mask[i] === 1) continue;
    if (last + 1 < i) {
      const left = last >= 0 ? values[last]! : i < n ? values[i]! : 0;
      const right = i < n ? values[i]! : left;
      for (let k = last + 1; k < i; k++) out[k] = left + ((right - left) * (k - last)) / (i - last);
    }
    last = i;
  }
  return out;
}
