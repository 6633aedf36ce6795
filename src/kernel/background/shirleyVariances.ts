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
 * How a background at rest answers to a change of the values. From the low end on, b(i) = kappa S(i), S the sum of y - b: a change dy makes
 * db(i) = kappa P(i; dy) + q psi(i), where P(i; z) = rho (P(i - 1; z) + z(i)) leaks by rho = 1 / (1 + kappa), as a higher background leaves
 * less to sum, and q keeps the end where it is.
 */
interface Response {
  readonly kappa: number;
  readonly rho: number;
  /** Level of the low end, step to the high end. */
  readonly low: number;
  readonly step: number;
  /** By how much that the end is kept multiplies. */
  readonly gain: number;
  /** P(n - 1; 1), and of the variances with rho squared. */
  readonly leakedOnes: number;
  readonly leakedVariances: number;
  readonly lowVariance: number;
  readonly highVariance: number;
}

/**
 * Variances of a Shirley background at rest, from those of the values: of its two ends and of the counts it is the integral of.
 *
 * @param values - [n].
 * @param options - see {@link ShirleyErrorOptions}; channels of equal width.
 * @param out - [n] receives the variances, in counts squared.
 * @returns `out`.
 */
export function shirleyVariances(values: Float64Array, options: ShirleyErrorOptions, out: Float64Array): Float64Array {
  const { background, variances, highFirst } = options;
  const n = values.length;
  const { kappa, rho, low, step, gain, leakedOnes, leakedVariances, lowVariance, highVariance } = respond(
    values,
    options,
  );
  let [ofRise, ofOnes, ofVariances] = [0, 0, 0];
  let toEnd = rho ** (n - 1);
  for (let k = 0; k < n; k++, toEnd /= rho) {
    const i = highFirst ? n - 1 - k : k;
    const risen = risenAt(background[i]!, { low, step, k, n });
    ofRise = rho * (ofRise + risen);
    ofOnes = rho * (ofOnes + 1);
    ofVariances = rho * rho * (ofVariances + variances[i]!);
    const ofEnd = gain * (risen - kappa * ofRise);
    const ofLow = 1 - kappa * ofOnes - ofEnd * (1 - kappa * leakedOnes);
    const before = (1 - ofEnd * toEnd) ** 2 * ofVariances;
    const behind = ofEnd * ofEnd * Math.max(0, leakedVariances - toEnd * toEnd * ofVariances);
    out[i] = ofLow * ofLow * lowVariance + ofEnd * ofEnd * highVariance + kappa * kappa * (before + behind);
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
  const { kappa, rho, low, step, gain, leakedOnes } = respond(values, options);
  let [ofRise, ofOnes, ends, lows] = [0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const i = highFirst ? n - 1 - k : k;
    const risen = risenAt(background[i]!, { low, step, k, n });
    ofRise = rho * (ofRise + risen);
    ofOnes = rho * (ofOnes + 1);
    if (i < first || i >= end) continue;
    const ofEnd = gain * (risen - kappa * ofRise);
    ends += ofEnd;
    lows += 1 - kappa * ofOnes - ofEnd * (1 - kappa * leakedOnes);
  }
  // Back from the high end: what a count here adds to the region's background from here on, and to the end.
  let [beyond, toEnd, sum] = [0, 1, 0];
  for (let k = n - 1; k >= 0; k--) {
    const i = highFirst ? n - 1 - k : k;
    const isInside = i >= first && i < end;
    beyond = rho * (beyond + (isInside ? 1 : 0));
    toEnd *= rho;
    let influence = (isInside ? 1 : 0) - kappa * (beyond - ends * toEnd);
    if (k < m) influence -= lows / m;
    if (k >= n - m) influence -= ends / m;
    sum += influence * influence * variances[i]!;
  }
  return sum;
}

const risenAt = (
  background: number,
  { low, step, k, n }: { readonly low: number; readonly step: number; readonly k: number; readonly n: number },
): number => (step === 0 ? k / (n - 1) : (background - low) / step);

function respond(values: Float64Array, options: ShirleyErrorOptions): Response {
  const { background, variances, endpointAverage: m, highFirst } = options;
  const n = values.length;
  const low = background[highFirst ? n - 1 : 0]!;
  const step = background[highFirst ? 0 : n - 1]! - low;
  let total = 0;
  for (let i = 0; i < n; i++) total += values[i]! - background[i]!;
  const kappa = step === 0 ? 0 : step / total;
  const rho = 1 / (1 + kappa);
  let [ofRise, leakedOnes, leakedVariances, lowVariance, highVariance] = [0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const i = highFirst ? n - 1 - k : k;
    ofRise = rho * (ofRise + risenAt(background[i]!, { low, step, k, n }));
    leakedOnes = rho * (leakedOnes + 1);
    leakedVariances = rho * rho * (leakedVariances + variances[i]!);
    if (k < m) lowVariance += variances[i]! / (m * m);
    if (k >= n - m) highVariance += variances[i]! / (m * m);
  }
  const gain = 1 / (1 - kappa * ofRise);
  return { kappa, rho, low, step, gain, leakedOnes, leakedVariances, lowVariance, highVariance };
}
