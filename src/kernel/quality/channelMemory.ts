import {
  FAST,
  FEWEST,
  MEMORY,
  partOf,
  SLOW,
  SOUND,
  type ChannelFrame,
  type ChannelState,
  type ChannelWork,
} from './channelState.ts';
import { standsAlone, type Deviations } from './standsAlone.ts';

/** Standard deviations by which a neighbour must deviate in the same sense. */
const TOO = 3.5;

/**
 * Takes the deviations into their means, clipped, so that no single frame decides.
 *
 * @param work - its `suspects` receive 1 where any deviation is beyond the threshold.
 */
export function takeDeviations(
  { fast, slow, seen }: ChannelState,
  { bad, spikes }: ChannelFrame,
  { deviations, variances, suspects }: ChannelWork,
  threshold: number,
): void {
  const square = threshold * threshold;
  const fastSquare = square * partOf(FAST, Infinity);
  const slowSquare = square * partOf(SLOW, Infinity);
  for (let i = 0; i < deviations.length; i++) {
    const variance = variances[i]!;
    let size = deviations[i]!;
    const isFar = size * size > square * variance;
    suspects[i] = isFar ? 1 : 0;
    if (bad[i] === 1 || spikes[i] === 1 || seen[i]! < FEWEST) continue;
    if (isFar) size = Math.sign(size) * threshold * Math.sqrt(variance);
    const some = (fast[i]! += FAST * (size - fast[i]!));
    const many = (slow[i]! += SLOW * (size - slow[i]!));
    if (some * some > fastSquare * variance || many * many > slowSquare * variance) suspects[i] = 1;
  }
}

/**
 * Where a channel and a neighbour deviate, and it does not stand alone, the spectrum has changed: the means of
 * deviations begin anew, and the reference follows within some frames. It does so everywhere: of neighbours that follow
 * at different speed one would soon stand alone.
 */
export function forgetChanged(
  state: ChannelState,
  frame: ChannelFrame,
  work: ChannelWork,
  single: Deviations,
  threshold: number,
  top: number,
): void {
  const { fast, slow, seen } = state;
  if (!hasChanged(state, frame, work, single, threshold, top)) return;
  fast.fill(0);
  slow.fill(0);
  for (let i = 0; i < seen.length; i++) seen[i] = Math.min(seen[i]!, FEWEST);
}

function hasChanged(
  { seen, fault }: ChannelState,
  { bad, spikes }: ChannelFrame,
  { suspects }: ChannelWork,
  single: Deviations,
  threshold: number,
  top: number,
): boolean {
  const { sizes, variances, unusable } = single;
  const joins = (j: number, i: number): boolean =>
    unusable[j] === 0 && sizes[j]! * Math.sign(sizes[i]!) > TOO * Math.sqrt(variances[j]!);
  for (let i = 0; i < sizes.length; i++) {
    if (suspects[i] === 0 || bad[i] === 1 || spikes[i] === 1 || fault[i] !== SOUND || seen[i] === 0) continue;
    if (sizes[i]! ** 2 <= threshold ** 2 * variances[i]! || standsAlone(single, i, 1, threshold, top)) continue;
    if (joins(i - 1, i) || joins(i + 1, i)) return true;
  }
  return false;
}

/** Takes the frame into the reference, without what is left out of it; that of a broken channel goes with its neighbours. */
export function learnChannels(
  { reference, squares, seen, fault }: ChannelState,
  { values, bad, spikes }: ChannelFrame,
  { left, deviations, variances, unusable, level }: ChannelWork,
  threshold: number,
): void {
  for (let i = 0; i < values.length; i++) {
    const isBroken = fault[i] !== SOUND;
    if (bad[i] === 1 || spikes[i] === 1 || (left[i] === 1 && !isBroken)) continue;
    seen[i] = Math.min(seen[i]! + 1, MEMORY);
    reference[i]! += ((isBroken ? level[i]! : values[i]!) - reference[i]!) / seen[i]!;
    if (isBroken) continue;
    const most = threshold * threshold * variances[i]!;
    const square = unusable[i] === 1 ? 0 : deviations[i]! * deviations[i]!;
    squares[i]! += ((seen[i]! > FEWEST ? Math.min(square, most) : square) - squares[i]!) / seen[i]!;
  }
}
