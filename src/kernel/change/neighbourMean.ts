/**
 * Gaussian mean of the neighbours, sigma one channel.
 *
 * @param values - [n].
 * @param ownShare - weight of the channel itself, against exp(-k^2 / 2) of the k-th neighbours: 1 smooths; 0 gives each
 *   channel what its neighbours say of it, independent of its own noise.
 * @param out - [n] receives the means; must not be `values`. One channel is its own neighbour.
 * @returns `out`.
 * @example
 * neighbourMean(Float64Array.of(0, 3, 0), 0, new Float64Array(3))[1]; // => 0
 */
export function neighbourMean(values: Float64Array, ownShare: number, out: Float64Array): Float64Array {
  const n = values.length;
  if (n === 1) return out.fill(values[0]!);
  for (let i = 0; i < n; i++) {
    let sum = ownShare * values[i]!;
    let weight = ownShare;
    for (let k = 1; k <= WEIGHTS.length; k++) {
      const w = WEIGHTS[k - 1]!;
      if (i >= k) {
        sum += w * values[i - k]!;
        weight += w;
      }
      if (i + k < n) {
        sum += w * values[i + k]!;
        weight += w;
      }
    }
    out[i] = sum / weight;
  }
  return out;
}

const WEIGHTS = [1, 2, 3].map((k) => Math.exp(-0.5 * k * k));
