import { channelsMoved } from '../../model/channelsMoved.ts';
import type { Frame } from '../../model/frame.ts';
import type { Axis } from '../../model/layout.ts';

/** The part of a spectrum that is fitted. */
export interface FitChannels {
  readonly axis: Axis;
  /** [axis] centres of all channels. */
  readonly centres: Float64Array;
  /** [n] overwritten: centres of the channels that are fitted. */
  readonly x: Float64Array;
  /** First channel while the axis has not moved. */
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
 * channel without variance tells nothing and is not used; what all channels share (`scaleError`) is no scatter about the fit. The part moves with the measured drift; beyond the axis nothing is used.
 * @returns number of usable channels.
 */
export function takeSpectrum(
  frame: Frame,
  { axis, centres, x, first, isCounts, values, variances, mask }: FitChannels,
): number {
  const ofCounts = frame.layout.noise === 'poisson';
  const start = first + channelsMoved(axis, first, frame.axisShift);
  const last = centres.length - 1;
  let usable = 0;
  for (let k = 0; k < values.length; k++) {
    const i = Math.min(Math.max(start + k, 0), last);
    const isOnAxis = i === start + k;
    x[k] = centres[i]!;
    const value = frame.values[i]!;
    const variance = ofCounts ? Math.max(value, 1) : (frame.variances?.[i] ?? 1) - (frame.scaleError * value) ** 2;
    const isUsed = isOnAxis && frame.mask?.[i] !== 1 && (isCounts || variance > 0);
    values[k] = isUsed ? value : 0;
    variances[k] = isUsed ? variance : 1;
    mask[k] = isUsed ? 0 : 1;
    if (isUsed) usable++;
  }
  return usable;
}
