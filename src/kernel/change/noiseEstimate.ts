import { median } from '../array/median.ts';

/** Room for a noise estimate. */
export interface NoiseWorkspace {
  /** Scratch, one view per block. */
  readonly blocks: readonly Float64Array[];
  /** Second differences. */
  readonly bends: Float64Array;
  /** One level per block. */
  readonly levels: Float64Array;
}

/** Median of |x| of a normal number of variance 1, times the root of 1 + 1/4 + 1/4: a second difference x1 - (x0 + x2) / 2. */
const BEND = 0.6744897501960817 * Math.sqrt(1.5);

/**
 * @param n - channels.
 * @param block - channels per block, >= 8: longer is steadier, shorter follows noise that varies along the axis.
 */
export function createNoiseWorkspace(n: number, block: number): NoiseWorkspace {
  const count = Math.max(1, Math.floor((n - 2) / block));
  const bends = new Float64Array(Math.max(n - 2, 0));
  const blocks = Array.from({ length: count }, (_, k) =>
    bends.subarray(k * block, k === count - 1 ? bends.length : (k + 1) * block),
  );
  return { blocks, bends, levels: new Float64Array(count) };
}

/**
 * Standard deviation of the channel-to-channel noise of one spectrum, from medians of its second differences
 * in blocks, interpolated between block centres. What is broad against the channels does not enter.
 *
 * @param values - [n] a residual (best) or a spectrum; n >= 3, else the result is 0.
 * @param work - of {@link createNoiseWorkspace}; `levels` keeps the block values.
 * @param out - [n] receives the standard deviation, in the unit of the values. Noise that is correlated between
 *   neighbours is underestimated; peaks only a few channels wide raise it when they fill half a block.
 * @returns `out`.
 * @example
 * noiseEstimate(Float64Array.of(0, 1, 0, 1, 0), createNoiseWorkspace(5, 8), new Float64Array(5))[0] > 0; // => true
 */
export function noiseEstimate(values: Float64Array, work: NoiseWorkspace, out: Float64Array): Float64Array {
  const n = values.length;
  if (n < 3) return out.fill(0);
  const { blocks, bends, levels } = work;
  for (let i = 1; i < n - 1; i++) bends[i - 1] = Math.abs(values[i]! - 0.5 * (values[i - 1]! + values[i + 1]!));
  for (let k = 0; k < blocks.length; k++) levels[k] = median(blocks[k]!, blocks[k]!) / BEND;
  const last = levels.length - 1;
  const length = n / levels.length;
  for (let i = 0; i < n; i++) {
    const at = Math.min(Math.max((i + 0.5) / length - 0.5, 0), last);
    const k = Math.min(Math.floor(at), Math.max(last - 1, 0));
    const t = at - k;
    out[i] = levels[k]! * (1 - t) + levels[Math.min(k + 1, last)]! * t;
  }
  return out;
}
