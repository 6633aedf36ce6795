/** Which part of each row counts. */
export interface CountRegionOptions {
  /** Channels per row. */
  readonly length: number;
  /** The part [first, end) of each row. */
  readonly first: number;
  readonly end: number;
  /** [n], 1 = do not count. */
  readonly mask?: Uint8Array | undefined;
}

/**
 * Sum over a region of each row of a frame, and how much of the region it is.
 *
 * @param values - [rows x length].
 * @param options - see {@link CountRegionOptions}.
 * @returns the sum in the unit of the values, and the share of the region that is not masked, 0 to 1.
 * @example
 * countRegion(Float64Array.of(1, 2, 3), { length: 3, first: 1, end: 3 }); // => { counts: 5, share: 1 }
 */
export function countRegion(
  values: Float64Array,
  { length, first, end, mask }: CountRegionOptions,
): { counts: number; share: number } {
  let counts = 0;
  let used = 0;
  for (let row = 0; row < values.length; row += length)
    for (let i = row + first; i < row + end; i++) {
      if (mask !== undefined && mask[i] === 1) continue;
      counts += values[i]!;
      used++;
    }
  return { counts, share: (used * length) / (values.length * (end - first)) };
}
