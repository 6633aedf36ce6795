/** What the errors of a Shirley background depend on. */
export interface ShirleyErrorOptions {
  /** [n] the background. */
  readonly background: Float64Array;
  /** [n] variances of the values. */
  readonly variances: Float64Array;
  readonly endpointAverage: number;
  /** The first channel is the one of highest binding energy. */
  readonly highFirst: boolean;
}

/**
 * Variances of a Shirley background from those of the values: of its two ends, and of the counts it is the integral of. That a higher
 * background leaves less to integrate is left out, which makes them some per cent too large.
 *
 * @param values - [n].
 * @param options - see {@link ShirleyErrorOptions}; channels of equal width.
 * @param out - [n] receives the variances, in counts squared.
 * @returns `out`.
 */
export function shirleyVariances(values: Float64Array, options: ShirleyErrorOptions, out: Float64Array): Float64Array {
  const { background, variances, endpointAverage: m } = options;
  const n = values.length;
  const { low, step, total, all } = sums(values, options);
  const [lowVariance, highVariance] = endVariances(options);
  const perCount = total === 0 ? 0 : step / total;
  let before = 0;
  for (let k = 0; k < n; k++) {
    const i = options.highFirst ? n - 1 - k : k;
    before += variances[i]!;
    const risen = step === 0 ? k / (n - 1) : (background[i]! - low) / step;
    const ofLow = 1 - risen - perCount * (k + 1 - risen * n);
    const ofCounts = (1 - risen) ** 2 * before + risen * risen * (all - before);
    out[i] = (ofLow * ofLow * lowVariance + risen * risen * highVariance) / m + perCount * perCount * ofCounts;
  }
  return out;
}

/**
 * Variance of the sum of values minus background over channels [first, end), in counts squared.
 *
 * @param values - [n].
 * @param options - see {@link ShirleyErrorOptions}.
 * @param region - the channels that are summed.
 */
export function shirleyNetVariance(
  values: Float64Array,
  options: ShirleyErrorOptions,
  { first, end }: { readonly first: number; readonly end: number },
): number {
  const { background, variances, endpointAverage: m, highFirst } = options;
  const n = values.length;
  const { low, step, total } = sums(values, options);
  const perCount = total === 0 ? 0 : step / total;
  let risenSum = 0;
  let lowSum = 0;
  for (let i = first; i < end; i++) {
    const k = highFirst ? n - 1 - i : i;
    const risen = step === 0 ? k / (n - 1) : (background[i]! - low) / step;
    risenSum += risen;
    lowSum += 1 - risen - perCount * (k + 1 - risen * n);
  }
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const i = highFirst ? n - 1 - k : k;
    // Channels of the region at or beyond this one, towards high binding energy: their background holds its counts.
    const beyond = highFirst ? Math.max(0, Math.min(end, i + 1) - first) : Math.max(0, end - Math.max(first, i));
    let influence = (i >= first && i < end ? 1 : 0) - perCount * (beyond - risenSum);
    if (k < m) influence -= lowSum / m;
    if (k >= n - m) influence -= risenSum / m;
    sum += influence * influence * variances[i]!;
  }
  return sum;
}

function sums(values: Float64Array, { background, variances, highFirst }: ShirleyErrorOptions) {
  const n = values.length;
  const low = background[highFirst ? n - 1 : 0]!;
  let [total, all] = [0, 0];
  for (let i = 0; i < n; i++) {
    total += values[i]! - background[i]!;
    all += variances[i]!;
  }
  return { low, step: background[highFirst ? 0 : n - 1]! - low, total, all };
}

/** Mean variance of the channels at either end. */
function endVariances({ variances, endpointAverage: m, highFirst }: ShirleyErrorOptions): readonly [number, number] {
  let [first, last] = [0, 0];
  for (let i = 0; i < m; i++) {
    first += variances[i]! / m;
    last += variances[variances.length - 1 - i]! / m;
  }
  return highFirst ? [last, first] : [first, last];
}
