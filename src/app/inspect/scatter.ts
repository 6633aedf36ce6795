/** Median of the square of a standard normal number: what turns a median of squares into a variance. */
const MEDIAN_OF_SQUARE = 0.4549;
/** Below, the squares of counts are too coarse for a median. */
const LEVEL_FOR_MEDIAN = 10;
const MOST_SAMPLES = 16_384;
const MOST_VALUES = 4096;
const FEWEST_SAMPLES = 30;
/** Beyond, every number is a multiple of something within the precision of a float32. */
const MOST_MULTIPLES = 1e5;

/** Squares of differences against the level they were seen at. */
interface Pairs {
  readonly levels: Float64Array;
  /** Estimates of the variance, one degree of freedom each. */
  readonly variances: Float64Array;
  count: number;
  /** Only every so many is kept, so that all of the series is seen whatever its length. */
  stride: number;
  seen: number;
}

/** How values scatter, as found in them. */
export interface Scatter {
  /** Variance over mean, from neighbouring channels; null when there is nothing to judge. */
  readonly channelRatio: number | null;
  /** The same from one frame to the next, after bringing them to one total. */
  readonly frameRatio: number | null;
  /** Exponent b of variance ~ mean^b; null when levels are too much alike. */
  readonly exponent: number | null;
  /** All values are whole multiples of it; null when there is no such number. */
  readonly quantum: number | null;
}

/** Looks at spectra one by one and then says how their values scatter. Keeps a bounded sample. */
export interface ScatterWatch {
  add(values: Float64Array, previous: Float64Array | null): void;
  result(): Scatter;
}

export function createScatterWatch(): ScatterWatch {
  const channels = createPairs();
  const frames = createPairs();
  const values: number[] = [];
  return {
    add(spectrum, previous) {
      for (let i = 1; i < spectrum.length - 1; i++) {
        const [a, b, c] = [spectrum[i - 1], spectrum[i], spectrum[i + 1]];
        const bend = a - 2 * b + c;
        // Three alike are more often a clipped or empty place than chance.
        if (a !== b || b !== c) offer(channels, (a + b + c) / 3, (bend * bend) / 6);
      }
      if (previous !== null && previous.length === spectrum.length) addFrames(frames, spectrum, previous);
      for (let i = 0; i < spectrum.length && values.length < MOST_VALUES; i++)
        if (spectrum[i] !== 0 && Number.isFinite(spectrum[i])) values.push(Math.abs(spectrum[i]));
    },
    result: () => ({
      channelRatio: ratioOf(channels),
      frameRatio: ratioOf(frames),
      exponent: exponentOf(frames.count >= FEWEST_SAMPLES ? frames : channels),
      quantum: quantumOf(values),
    }),
  };
}

function addFrames(pairs: Pairs, spectrum: Float64Array, previous: Float64Array): void {
  const gain = sumOf(previous) / sumOf(spectrum);
  if (!(gain > 0.2 && gain < 5)) return;
  for (let i = 0; i < spectrum.length; i++) {
    const now = spectrum[i];
    const before = previous[i];
    const difference = now * gain - before;
    if (now !== 0 || before !== 0) offer(pairs, (now + before) / 2, (difference * difference) / (gain * gain + 1));
  }
}

const createPairs = (): Pairs => ({
  levels: new Float64Array(MOST_SAMPLES),
  variances: new Float64Array(MOST_SAMPLES),
  count: 0,
  stride: 1,
  seen: 0,
});

function offer(pairs: Pairs, level: number, variance: number): void {
  if (!(level > 0) || !Number.isFinite(variance) || pairs.seen++ % pairs.stride !== 0) return;
  if (pairs.count === MOST_SAMPLES) {
    for (let i = 0; i < MOST_SAMPLES / 2; i++) {
      pairs.levels[i] = pairs.levels[2 * i];
      pairs.variances[i] = pairs.variances[2 * i];
    }
    pairs.count /= 2;
    pairs.stride *= 2;
  }
  pairs.levels[pairs.count] = level;
  pairs.variances[pairs.count++] = variance;
}

function ratioOf({ levels, variances, count }: Pairs): number | null {
  if (count < FEWEST_SAMPLES) return null;
  const high: number[] = [];
  let variance = 0;
  let level = 0;
  for (let i = 0; i < count; i++) {
    if (levels[i] >= LEVEL_FOR_MEDIAN) high.push(variances[i] / levels[i]);
    variance += variances[i];
    level += levels[i];
  }
  // Real structure is in a few channels; the median does not see it, the mean would.
  return high.length > count / 4 || level / count > LEVEL_FOR_MEDIAN
    ? medianOf(high) / MEDIAN_OF_SQUARE
    : (smallLevelRatio(levels, variances, count) ?? variance / level);
}

/** Values below one that are no counts have no level to speak of; their median serves as well. */
function smallLevelRatio(levels: Float64Array, variances: Float64Array, count: number): number | null {
  const ratios = Array.from({ length: count }, (_, i) => variances[i] / levels[i]);
  const distinct = new Set(Array.from(levels.subarray(0, Math.min(count, 2000)), (level) => Math.round(level * 60)));
  return distinct.size > 400 ? medianOf(ratios) / MEDIAN_OF_SQUARE : null;
}

/** From the lowest and the highest fifth of the levels, when these are far enough apart. */
function exponentOf({ levels, variances, count }: Pairs): number | null {
  if (count < 5 * FEWEST_SAMPLES) return null;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => levels[a] - levels[b]);
  const fifth = Math.floor(count / 5);
  const part = (indices: number[]): readonly [level: number, variance: number] => [
    medianOf(indices.map((i) => levels[i])),
    medianOf(indices.map((i) => variances[i])),
  ];
  const [lowLevel, lowVariance] = part(order.slice(0, fifth));
  const [highLevel, highVariance] = part(order.slice(-fifth));
  if (highLevel < 2 * lowLevel || lowVariance <= 0 || highVariance <= 0) return null;
  return Math.log(highVariance / lowVariance) / Math.log(highLevel / lowLevel);
}

function quantumOf(values: readonly number[]): number | null {
  const sorted = Float64Array.from(new Set(values)).sort();
  if (sorted.length === 0) return null;
  if (sorted.every(Number.isInteger)) return sorted.reduce(greatestCommonDivisor);
  let gap = sorted[0];
  for (let i = 1; i < sorted.length; i++) {
    const difference = sorted[i] - sorted[i - 1];
    // What differs in the last digit of a float32 is the same number.
    if (difference > 1e-6 * sorted[i]) gap = Math.min(gap, difference);
  }
  const isMultiple = (value: number): boolean => {
    const multiple = value / gap;
    return Math.abs(multiple - Math.round(multiple)) < 0.02 + 1e-6 * multiple;
  };
  return sorted[sorted.length - 1] / gap < MOST_MULTIPLES && sorted.every(isMultiple) ? gap : null;
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

const sumOf = (values: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
};

/** Median; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
