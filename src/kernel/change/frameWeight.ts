import { median } from '../array/median.ts';

/** Channels looked at, about. */
const LOOKED_AT = 64;

/** Scratch of {@link frameWeight}: one array per number of channels. */
export function createWeightWork(n: number): readonly Float64Array[] {
  return Array.from({ length: Math.min(n, 2 * LOOKED_AT) + 1 }, (_, count) => new Float64Array(count));
}

/**
 * What a frame is worth against a usual one: the usual variances over its own, by the median channel. Half as many
 * photons are half as much evidence.
 *
 * @param variances - [n] of this frame.
 * @param usual - [n] of the frames that were learned from.
 * @param mask - [n] 1 = do not use; undefined: use all.
 * @param work - of {@link createWeightWork}.
 * @returns at least 0; 1 where nothing can be compared.
 */
export function frameWeight(
  variances: Float64Array,
  usual: Float64Array,
  mask: Uint8Array | undefined,
  work: readonly Float64Array[],
): number {
  const n = usual.length;
  const stride = Math.max(1, Math.floor(n / LOOKED_AT));
  const usable = (i: number): boolean => mask?.[i] !== 1 && usual[i]! > 0 && variances[i]! >= 0;
  let count = 0;
  for (let i = 0; i < n; i += stride) if (usable(i)) count++;
  if (count === 0) return 1;
  const ratios = work[count]!;
  for (let i = 0, k = 0; i < n; i += stride) if (usable(i)) ratios[k++] = variances[i]! / usual[i]!;
  const ratio = median(ratios, ratios);
  return ratio > 0 ? 1 / ratio : 1;
}
