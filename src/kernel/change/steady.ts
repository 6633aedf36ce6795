import { median } from '../array/median.ts';

/** What {@link isSteady} says of a window. */
export interface Steadiness {
  /** Neither a trend nor a bend at the 1 % level. */
  readonly steady: boolean;
  /** Robust slope, unit of the values per frame. */
  readonly trend: number;
  /** One standard deviation of `trend`. */
  readonly trendError: number;
}

/** Standard deviations at which a residual stops to count in full; Huber's usual choice. */
const HUBER = 1.5;
/** Standard error of Huber's estimate over that of least squares, normal noise. */
const LOSS = 1.019;
/** Two tests, slope and bend, at 0.5 % each, both sides. */
const LIMIT = 2.807;
const ROUNDS = 20;

/**
 * Whether the first values of a learning window look steady: a parabola is fitted robustly, its noise taken from first
 * differences, which a trend does not enter. About 1 % of steady windows are refused (white noise or counts); noise that
 * is correlated over many frames is a trend to it. Single spikes, even enormous ones, are not, from about 15 values on.
 *
 * @param values - [>= count], evenly spaced in time.
 * @param count - how many of them; fewer than 8 say nothing: not steady.
 * @param scratch - [>= count - 1], room; allocated when absent; not `values`.
 * @see Huber, Robust Statistics, Wiley 1981, section 7.
 * @example
 * isSteady(Float64Array.of(0, 1, 0, 1, 0, 1, 0, 1), 8).steady; // => true
 */
export function isSteady(values: Float64Array, count: number, scratch = new Float64Array(count)): Steadiness {
  if (count < 8) return { steady: false, trend: 0, trendError: Infinity };
  const sigma = differenceNoise(values, count, scratch);
  const middle = 0.5 * (count - 1);
  const square = (count * count - 1) / 12;
  const norm1 = count * square;
  const norm2 = (norm1 * (count * count - 4)) / 15;
  let level = 0;
  let slope = 0;
  let bend = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    for (let i = 0; i < count; i++) {
      const x = i - middle;
      const p2 = x * x - square;
      // Isolated spikes must not spoil the first round, which has no scale to clip by.
      const value = round === 0 ? middleOf(values, Math.min(Math.max(i, 1), count - 2)) : values[i]!;
      let residual = value - level - slope * x - bend * p2;
      if (round > 0) residual = Math.min(Math.max(residual, -HUBER * sigma), HUBER * sigma);
      sum0 += residual;
      sum1 += residual * x;
      sum2 += residual * p2;
    }
    level += sum0 / count;
    slope += sum1 / norm1;
    bend += sum2 / norm2;
  }
  const trendError = (LOSS * sigma) / Math.sqrt(norm1);
  // The noise itself is known from about 2/3 (n - 1) independent differences: first term of Cornish and Fisher.
  const limit = LIMIT * (1 + (LIMIT * LIMIT + 1) / ((8 / 3) * (count - 1)));
  const isStraight = Math.abs(bend) <= (limit * LOSS * sigma) / Math.sqrt(norm2);
  return { steady: Math.abs(slope) <= limit * trendError && isStraight, trend: slope, trendError };
}

/** Standard deviation of white noise from first differences, large ones clipped. */
function differenceNoise(values: Float64Array, count: number, scratch: Float64Array): number {
  const differences = scratch.subarray(0, count - 1);
  let squares = 0;
  for (let i = 1; i < count; i++) {
    const difference = Math.abs(values[i]! - values[i - 1]!);
    differences[i - 1] = difference;
    squares += difference * difference;
  }
  const middle = median(differences, differences);
  // Sparse counts are mostly equal to their neighbours: then all of them must speak.
  let sigma = middle > 0 ? middle / (0.6745 * Math.SQRT2) : Math.sqrt(squares / (2 * (count - 1)));
  for (let round = 0; round < 3; round++) {
    const most = 18 * sigma * sigma;
    squares = 0;
    for (let i = 1; i < count; i++) squares += Math.min((values[i]! - values[i - 1]!) ** 2, most);
    sigma = Math.sqrt(squares / (2 * (count - 1)));
  }
  return sigma;
}

/** The middle one of a value and its neighbours. */
function middleOf(values: Float64Array, i: number): number {
  const [a, b, c] = [values[i - 1]!, values[i]!, values[i + 1]!];
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
