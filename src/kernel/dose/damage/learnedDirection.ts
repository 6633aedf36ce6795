/** Regression of spectra on dose: plain data. */
export type DirectionState = {
  frames: number;
  weight: number;
  dose: number;
  square: number;
  /** [n] weighted sums of the spectra, and of the spectra times the dose; [0] before the first. */
  sum: Float64Array;
  cross: Float64Array;
};

/** Fewer frames have no direction. */
const FEWEST = 3;

/** Nothing seen. @param size - channels; 0: room is made with the first frame. */
export function createDirection(size: number): DirectionState {
  return { frames: 0, weight: 0, dose: 0, square: 0, sum: new Float64Array(size), cross: new Float64Array(size) };
}

/**
 * Adds a spectrum, scaled to the total of the intact one.
 *
 * @param weight - inverse of its variance up to a factor: its counts.
 */
export function addToDirection(
  state: DirectionState,
  values: Float64Array,
  scale: number,
  weight: number,
  dose: number,
): void {
  const { sum, cross } = state;
  state.frames++;
  state.weight += weight;
  state.dose += weight * dose;
  state.square += weight * dose * dose;
  for (let i = 0; i < values.length; i++) {
    const each = weight * scale * values[i]!;
    sum[i]! += each;
    cross[i]! += each * dose;
  }
}

/**
 * The fully changed spectrum that the regression points to: the intact one plus the direction, as long as the absolute
 * change is all of the intact spectrum. What noise adds to the length of the direction is taken off, and what it takes off
 * the projection of a frame on it is added: a fraction measured by it is not too small on that account.
 *
 * @param intact - [n].
 * @param variances - [n] of a spectrum of weight 1, scaled as they were added.
 * @param out - [n] overwritten; left alone when there is no direction yet.
 * @returns squared cosine of the direction found to the true one, estimated; 0 when there is none.
 */
export function changedSpectrum(
  { frames, weight, dose, square, sum, cross }: DirectionState,
  intact: Float64Array,
  variances: Float64Array,
  out: Float64Array,
): number {
  if (frames < FEWEST) return 0;
  const mean = dose / weight;
  const spread = square - mean * dose;
  if (!(spread > 1e-12 * square)) return 0;
  let energy = 0;
  let noise = 0;
  let length = 0;
  let total = 0;
  for (let i = 0; i < intact.length; i++) {
    const slope = (cross[i]! - mean * sum[i]!) / spread;
    const own = variances[i]! / spread;
    total += Math.abs(intact[i]!);
    if (!(own > 0)) continue;
    energy += (slope * slope) / own;
    noise++;
    length += Math.sqrt(Math.max(0, slope * slope - own));
  }
  const cosine = 1 - noise / energy;
  if (!(cosine > 0 && length > 0)) return 0;
  const scale = (cosine * total) / length;
  for (let i = 0; i < intact.length; i++) out[i] = intact[i]! + (scale * (cross[i]! - mean * sum[i]!)) / spread;
  return cosine;
}
