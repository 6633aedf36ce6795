import {
  FAST,
  FEWEST,
  MEMORY,
  SLOW,
  SOUND,
  type ChannelFrame,
  type ChannelState,
  type ChannelWork,
} from './channelState.ts';
import { standsAlone, type Deviations } from './standsAlone.ts';

/** Channels on each side that a line which changes takes part in. */
const REACH = 3;
/** Standard deviations by which a neighbour must deviate in the same sense. */
const TOO = 3.5;

/** Takes the deviations into their means, clipped, so that no single frame decides. */
export function takeDeviations(
  { fast, slow, seen }: ChannelState,
  { bad, spikes }: ChannelFrame,
  { deviations, variances }: ChannelWork,
  threshold: number,
): void {
  for (let i = 0; i < deviations.length; i++) {
    if (bad[i] === 1 || spikes[i] === 1 || seen[i]! < FEWEST) continue;
    const most = threshold * Math.sqrt(variances[i]!);
    const size = Math.min(Math.max(deviations[i]!, -most), most);
    fast[i]! += FAST * (size - fast[i]!);
    slow[i]! += SLOW * (size - slow[i]!);
  }
}

/**
 * Where a channel and a neighbour deviate, and it does not stand alone, the spectrum has changed: the means of deviations there begin
 * anew, and the reference follows within some frames.
 */
export function forgetChanged(
  { fast, slow, seen, fault }: ChannelState,
  { bad, spikes }: ChannelFrame,
  single: Deviations,
  threshold: number,
  top: number,
): void {
  const { sizes, variances } = single;
  for (let i = 0; i < sizes.length; i++) {
    if (bad[i] === 1 || spikes[i] === 1 || fault[i] !== SOUND || seen[i] === 0) continue;
    if (sizes[i]! ** 2 <= threshold ** 2 * variances[i]! || standsAlone(single, i, 1, threshold, top)) continue;
    const joins = (j: number): boolean =>
      sizes[j]! * Math.sign(sizes[i]!) > TOO * Math.sqrt(variances[j]!) && single.unusable[j] === 0;
    if (!joins(i - 1) && !joins(i + 1)) continue;
    for (let j = Math.max(i - REACH, 0); j <= Math.min(i + REACH, sizes.length - 1); j++) {
      if (fault[j] !== SOUND) continue;
      fast[j] = slow[j] = 0;
      seen[j] = Math.min(seen[j]!, FEWEST);
    }
  }
}

/** Takes the frame into the reference, without what is left out of it; that of a broken channel goes with its neighbours. */
export function learnChannels(
  { reference, squares, seen, fault }: ChannelState,
  { values, bad, spikes }: ChannelFrame,
  { left, deviations, variances, unusable, level }: ChannelWork,
  threshold: number,
): void {
  for (let i = 0; i < values.length; i++) {
    if (bad[i] === 1 || spikes[i] === 1) continue;
    if (fault[i] !== SOUND) reference[i]! += (level[i]! - reference[i]!) / Math.max(seen[i]!, 1);
    if (left[i] === 1) continue;
    seen[i] = Math.min(seen[i]! + 1, MEMORY);
    reference[i]! += (values[i]! - reference[i]!) / seen[i]!;
    const most = threshold * threshold * variances[i]!;
    const square = unusable[i] === 1 ? 0 : deviations[i]! * deviations[i]!;
    squares[i]! += ((seen[i]! > FEWEST ? Math.min(square, most) : square) - squares[i]!) / seen[i]!;
  }
}
