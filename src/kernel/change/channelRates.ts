/** Counts of each channel and the exposure they took: plain data. */
export type ChannelRates = {
  /** [n] */
  counts: Float64Array;
  /** [n] any unit of time. */
  exposures: Float64Array;
};

/** Part of each row that is counted. */
export interface RateRegion {
  /** Channels per row. */
  readonly length: number;
  /** The part [first, end) of each row. */
  readonly first: number;
  readonly end: number;
}

/** @param n - channels. */
export function createChannelRates(n: number): ChannelRates {
  return { counts: new Float64Array(n), exposures: new Float64Array(n) };
}

/**
 * Takes in the channels of a frame that are not masked.
 *
 * @param memory - frames after which a frame counts little; left out, all count alike.
 */
export function addChannelRates(
  rates: ChannelRates,
  values: Float64Array,
  exposure: number,
  mask: Uint8Array | undefined,
  memory = Infinity,
): void {
  const kept = 1 - 1 / memory;
  for (let i = 0; i < values.length; i++) {
    if (mask?.[i] === 1) continue;
    rates.counts[i] = kept * rates.counts[i]! + values[i]!;
    rates.exposures[i] = kept * rates.exposures[i]! + exposure;
  }
}

/**
 * Counts per exposure of a region, channel by channel, so that it does not matter which were masked when. A channel that
 * was never seen is taken to hold as much as the others on average.
 *
 * @param mask - [n] 1 = leave out; absent for all.
 * @returns 0 when no channel was ever seen.
 * @example
 * regionRate({ counts: Float64Array.of(6, 4), exposures: Float64Array.of(2, 1) }, { length: 2, first: 0, end: 2 }); // => 7
 */
export function regionRate(
  { counts, exposures }: ChannelRates,
  { length, first, end }: RateRegion,
  mask?: Uint8Array,
): number {
  let known = 0;
  let seen = 0;
  let rate = 0;
  let unseen = 0;
  for (let row = 0; row < counts.length; row += length)
    for (let i = row + first; i < row + end; i++) {
      const isUsed = mask?.[i] !== 1;
      if (!(exposures[i]! > 0)) {
        if (isUsed) unseen++;
        continue;
      }
      const each = counts[i]! / exposures[i]!;
      seen++;
      known += each;
      if (isUsed) rate += each;
    }
  return seen === 0 ? 0 : rate + (unseen * known) / seen;
}
