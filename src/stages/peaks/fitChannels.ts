import type { Frame } from '../../model/frame.ts';

/** The part of a spectrum that is fitted. */
export interface FitChannels {
  readonly first: number;
  readonly isCounts: boolean;
  /** [n] overwritten. */
  readonly values: Float64Array;
  readonly variances: Float64Array;
  /** [n] 1 = do not use. */
  readonly mask: Uint8Array;
}

/**
 * Copies the channels to fit with their variances: those of the frame; of counts the counts, at least 1; 1 where nothing is known. A
 * channel without variance tells nothing and is not used.
 * @returns number of usable channels.
 */
export function takeSpectrum(frame: Frame, { first, isCounts, values, variances, mask }: FitChannels): number {
  const ofCounts = frame.layout.noise === 'poisson';
  let usable = 0;
  for (let k = 0; k < values.length; k++) {
    const i = first + k;
    const value = frame.values[i]!;
    const variance = ofCounts ? Math.max(value, 1) : (frame.variances?.[i] ?? 1);
    const isUsed = frame.mask?.[i] !== 1 && (isCounts || variance > 0);
    values[k] = value;
    variances[k] = isUsed ? variance : 1;
    mask[k] = isUsed ? 0 : 1;
    if (isUsed) usable++;
  }
  return usable;
}
