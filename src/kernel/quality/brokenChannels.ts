import { forgetChanged, learnChannels, takeDeviations } from './channelMemory.ts';
import { expectChannels } from './channelExpectation.ts';
import {
  DEAD,
  FAST,
  FEWEST,
  HOT,
  NEVER_ALIVE,
  SLOW,
  SOUND,
  mostZeros,
  partOf,
  type ChannelFrame,
  type ChannelOptions,
  type ChannelState,
  type ChannelWork,
} from './channelState.ts';
import { begin, followFault } from './followFault.ts';
import { standsAlone, steepestTop, type Deviations } from './standsAlone.ts';

interface Looks {
  readonly single: Deviations;
  readonly fast: Deviations;
  readonly slow: Deviations;
}

/** How much sharper than stated a line may be. */
const SHARPER = 0.9;

/**
 * Finds channels that are broken: they deviate from what they showed before, and alone, more steeply than the
 * narrowest line of the instrument could; or they show nothing where their neighbours do. What is alone in a single
 * frame is left out of it, and called broken in the next. A channel that was dead before its first count is left out
 * without a word; one that has been as expected for 200 frames is used again.
 *
 * The threshold is passed once in the stated time by the noise of one of the deviations looked at; that it must stand
 * alone as well makes false alarms rarer.
 *
 * @param state - of `createChannelState`; taken further by the frame.
 * @param work - of `createChannelWork`; receives the result.
 */
export function judgeChannels(
  state: ChannelState,
  frame: ChannelFrame,
  work: ChannelWork,
  options: ChannelOptions,
): void {
  expectChannels(state, frame, work, options.noise);
  const top = steepestTop(SHARPER * options.resolution);
  const most = mostZeros(options.threshold);
  work.left.fill(0);
  work.broken = 0;
  countZeros(state, frame, work, options, top);
  takeDeviations(state, frame, work, options.threshold);
  const { variances, unusable, level, deviations } = work;
  const areCounts = options.noise === 'counts';
  const look = (sizes: Float64Array) => ({ sizes, variances, areCounts, level, unusable });
  const looks = { single: look(deviations), fast: look(state.fast), slow: look(state.slow) };
  forgetChanged(state, frame, work, looks.single, options.threshold, top);
  for (let i = 0; i < work.left.length; i++) {
    if (frame.bad[i] === 1) continue;
    const isSound = state.fault[i] === SOUND;
    if (isSound && work.suspects[i] === 0 && !(state.empty[i]! > most)) state.alone[i] = 0;
    else if (isSound) judge(state, i, looks, work, options, top);
    else followFault(state, work, i, options.threshold);
    if (state.fault[i] === SOUND) continue;
    work.left[i] = 1;
    work.broken++;
  }
  learnChannels(state, frame, work, options.threshold);
}

/** How improbable it is that a channel shows nothing: from the lower of its neighbours, and how steeply a line may fall. */
function countZeros(
  { empty, alive, fault }: ChannelState,
  { values, bad }: ChannelFrame,
  { variances }: ChannelWork,
  { noise }: ChannelOptions,
  top: number,
): void {
  const n = values.length;
  const usable = (j: number) => j >= 0 && j < n && bad[j] === 0 && fault[j] === SOUND;
  for (let i = 0; i < n; i++) {
    if (bad[i] === 1) continue;
    if (values[i] !== 0) {
      empty[i] = 0;
      alive[i] = 1;
      continue;
    }
    const left = usable(i - 1) ? i - 1 : usable(i - 2) ? i - 2 : i + 2;
    const right = usable(i + 1) ? i + 1 : usable(i + 2) ? i + 2 : i - 2;
    if (!usable(left) || !usable(right)) continue;
    const lower = Math.min(Math.abs(values[left]!), Math.abs(values[right]!)) / top;
    empty[i]! += noise === 'counts' ? lower : lower === 0 ? 0 : (lower * lower) / (2 * variances[i]!);
  }
}

/** Judges channel i, so far sound. */
function judge(
  state: ChannelState,
  i: number,
  { single, fast, slow }: Looks,
  work: ChannelWork,
  { threshold }: ChannelOptions,
  top: number,
): void {
  const { alive, alone, empty, seen } = state;
  if (empty[i]! > mostZeros(threshold)) return begin(state, work, i, alive[i] === 1 ? DEAD : NEVER_ALIVE);
  if (seen[i]! < FEWEST) return;
  const sign = Math.sign(single.sizes[i]!);
  const isAlone = standsAlone(single, i, 1, threshold, top);
  alone[i] = isAlone ? (alone[i]! * sign > 0 ? 2 * sign : sign) : 0;
  if (isAlone) work.left[i] = 1;
  const isTwice = alone[i] === 2 * sign && isAlone;
  const isFast = standsAlone(fast, i, partOf(FAST, seen[i]!), threshold, top);
  if (!isTwice && !isFast && !standsAlone(slow, i, partOf(SLOW, seen[i]!), threshold, top)) return;
  const found = isTwice ? sign : isFast ? fast.sizes[i]! : slow.sizes[i]!;
  begin(state, work, i, found > 0 ? HOT : DEAD);
}
