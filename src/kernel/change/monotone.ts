/** Room for {@link monotoneErrors}: one block per value at most. */
export interface MonotoneWorkspace {
  readonly means: Float64Array;
  readonly weights: Float64Array;
}

export function createMonotoneWorkspace(n: number): MonotoneWorkspace {
  return { means: new Float64Array(n), weights: new Float64Array(n) };
}

/** Which values are fitted, in which order and sense. */
export interface MonotoneOptions {
  /** First value taken. */
  readonly from: number;
  /** Last value taken; before `from`, the values are taken backwards. */
  readonly to: number;
  /** +1: each value at least the one taken before; -1: at most. */
  readonly sense: 1 | -1;
}

/**
 * Weighted squared errors of the best monotone fits to the first one, two, three ... values: pools adjacent violators,
 * all lengths in one pass.
 *
 * @param values - [n], finite.
 * @param weights - [n], > 0: 1 over the variance of each.
 * @param options - see {@link MonotoneOptions}.
 * @param out - [n] receives, at the place of each value taken, the error of the fit that ends there.
 * @param work - of {@link createMonotoneWorkspace}, for at least as many values.
 * @returns `out`.
 * @see Barlow et al., Statistical Inference under Order Restrictions, Wiley 1972; Stout, Comput. Stat. Data Anal. 53
 *   (2008) 289, for all lengths at once.
 * @example
 * const work = createMonotoneWorkspace(3);
 * monotoneErrors(Float64Array.of(1, 3, 1), Float64Array.of(1, 1, 1), { from: 0, to: 2, sense: 1 }, new Float64Array(3), work);
 * // => [0, 0, 2]
 */
export function monotoneErrors(
  values: Float64Array,
  weights: Float64Array,
  { from, to, sense }: MonotoneOptions,
  out: Float64Array,
  work: MonotoneWorkspace,
): Float64Array {
  const { means, weights: masses } = work;
  const step = to >= from ? 1 : -1;
  let top = -1;
  let error = 0;
  for (let i = from; ; i += step) {
    let mean = sense * values[i]!;
    let mass = weights[i]!;
    while (top >= 0 && means[top]! >= mean) {
      const difference = means[top]! - mean;
      const both = masses[top]! + mass;
      error += ((masses[top]! * mass) / both) * difference * difference;
      mean += (difference * masses[top]!) / both;
      mass = both;
      top--;
    }
    top++;
    means[top] = mean;
    masses[top] = mass;
    out[i] = error;
    if (i === to) return out;
  }
}
