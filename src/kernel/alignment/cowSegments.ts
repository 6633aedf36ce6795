/** One segment of a COW target, with all it is ever compared with in mind. */
export interface CowSegment {
  /** [points] the target around its mean, of norm 1; all 0 where it is constant. */
  readonly shape: Float64Array;
  /** [2 slack + 1] where its points lie on a sample segment that is so much longer, from -slack. */
  readonly grids: readonly CowGrid[];
}

/** Points of a stretched segment: channel `index` from its start, and the fraction of the way to the next. */
export interface CowGrid {
  readonly index: Int32Array;
  readonly fraction: Float64Array;
}

/** Below this share of its squares a segment's variance is rounding. */
const LEAST_VARIANCE = 1e-14;

/**
 * Cuts a target at its boundaries.
 *
 * @param boundaries - [K + 1] first channels of the segments, then the last channel.
 * @param slack - channels a segment of the sample may be longer or shorter.
 */
export function prepareSegments(target: Float64Array, boundaries: Uint32Array, slack: number): CowSegment[] {
  return Array.from({ length: boundaries.length - 1 }, (_, k) => {
    const from = boundaries[k]!;
    const interval = boundaries[k + 1]! - from;
    return {
      shape: shapeOf(target.slice(from, from + interval + 1)),
      grids: Array.from({ length: 2 * slack + 1 }, (__, c) => stretchedGrid(interval, interval + c - slack)),
    };
  });
}

/** `interval` + 1 points spread evenly over `length` + 1 channels. */
export function stretchedGrid(interval: number, length: number): CowGrid {
  const index = new Int32Array(interval + 1);
  const fraction = new Float64Array(interval + 1);
  for (let p = 0; p <= interval; p++) {
    const position = (p * length) / interval;
    index[p] = Math.min(Math.floor(position), length - 1);
    fraction[p] = position - index[p]!;
  }
  return { index, fraction };
}

/**
 * Correlation coefficients of a segment with the sample stretched from `start` and from `start + 1` on; 0 where either is constant. Two at a
 * time share what they read.
 *
 * @param out - [2] receives them; the second only when `isPair`.
 */
export function correlateSegment(
  { shape }: CowSegment,
  sample: Float64Array,
  start: number,
  { index, fraction }: CowGrid,
  isPair: boolean,
  out: Float64Array,
): void {
  const n = shape.length;
  const level = sample[start]!;
  // The last channel of the spectrum has no neighbour to be paired with: its own value serves.
  const ahead = isPair ? 2 : 1;
  let sum0 = 0;
  let sum1 = 0;
  let squares0 = 0;
  let squares1 = 0;
  let product0 = 0;
  let product1 = 0;
  for (let p = 0; p < n; p++) {
    const i = start + index[p]!;
    const part = fraction[p]!;
    const weight = shape[p]!;
    const low = sample[i]! - level;
    const middle = sample[i + 1]! - level;
    const high = sample[i + ahead]! - level;
    const y0 = low + part * (middle - low);
    const y1 = middle + part * (high - middle);
    sum0 += y0;
    sum1 += y1;
    squares0 += y0 * y0;
    squares1 += y1 * y1;
    product0 += weight * y0;
    product1 += weight * y1;
  }
  out[0] = coefficient(sum0, squares0, product0, n);
  out[1] = coefficient(sum1, squares1, product1, n);
}

function coefficient(sum: number, squares: number, product: number, n: number): number {
  const variance = squares - (sum * sum) / n;
  return variance > LEAST_VARIANCE * squares ? product / Math.sqrt(variance) : 0;
}

function shapeOf(part: Float64Array): Float64Array {
  const level = part[0]!;
  let sum = 0;
  for (let p = 0; p < part.length; p++) sum += part[p]! - level;
  const mean = sum / part.length;
  let squares = 0;
  let raw = 0;
  for (let p = 0; p < part.length; p++) {
    const fromLevel = part[p]! - level;
    part[p] = fromLevel - mean;
    raw += fromLevel * fromLevel;
    squares += part[p]! * part[p]!;
  }
  const scale = squares > LEAST_VARIANCE * raw ? 1 / Math.sqrt(squares) : 0;
  for (let p = 0; p < part.length; p++) part[p] = part[p]! * scale;
  return part;
}
