/** Standard deviations by which a channel must pass what a line could do. */
const MARGIN = 3;
/** Part of the range of levels within two channels by which a drift of the axis may move a channel. */
const DRIFT = 0.15;

/** Deviations to look at. */
export interface Deviations {
  /** [n] from what is expected. */
  readonly sizes: Float64Array;
  /** [n] of the deviations of one frame. */
  readonly variances: Float64Array;
  /** The variances are those of what is expected: what is more than that varies too. */
  readonly areCounts: boolean;
  /** [n] what is expected. */
  readonly level: Float64Array;
  /** [n] 1 = do not use. */
  readonly unusable: Uint8Array;
}

/**
 * How many times as high as the higher of its neighbours a channel can be in a line: a Lorentzian or Gaussian line of
 * the given full width at half maximum, its top in the middle of the channel.
 *
 * @param width - in channels, > 0.
 * @example
 * steepestTop(2); // => 2
 */
export function steepestTop(width: number): number {
  const relative = 4 / (width * width);
  return Math.max(1 + relative, 2 ** relative);
}

/**
 * Whether a channel deviates, and its neighbours do not as they would if a line came, went or moved.
 *
 * @param part - of the variance of one frame that these deviations have.
 * @param threshold - standard deviations.
 * @param top - of {@link steepestTop}.
 */
export function standsAlone(
  { sizes, variances, areCounts, level, unusable }: Deviations,
  i: number,
  part: number,
  threshold: number,
  top: number,
): boolean {
  const size = Math.abs(sizes[i]!);
  const variance = variances[i]! * part;
  if (!(size * size > threshold * threshold * variance)) return false;
  if (i === 0 || i === sizes.length - 1) return false;
  let largest = 0;
  let itsVariance = 0;
  let near = 0;
  let least = level[i]!;
  let most = least;
  for (let j = Math.max(i - 2, 0); j <= Math.min(i + 2, sizes.length - 1); j++) {
    if (j === i || unusable[j] === 1) continue;
    if (j === i - 1 || j === i + 1) near++;
    least = Math.min(least, level[j]!);
    most = Math.max(most, level[j]!);
    if (Math.abs(sizes[j]!) < largest) continue;
    largest = Math.abs(sizes[j]!);
    itsVariance = variances[j]! + (areCounts ? Math.max(sizes[j]!, 0) : 0);
  }
  if (near === 0) return false;
  // With one neighbour, the top may lie beyond the other: half a channel off, the fall is twice as steep.
  const ratio = near === 2 ? top : top * top;
  const own = variances[i]! + (areCounts ? Math.max(sizes[i]!, 0) : 0);
  const margin = MARGIN * Math.sqrt((own + ratio * ratio * itsVariance) * part);
  return size > ratio * largest + margin && size > DRIFT * (most - least);
}
