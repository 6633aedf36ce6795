import { SOUND, type ChannelFrame, type ChannelOptions, type ChannelState, type ChannelWork } from './channelState.ts';

/** Channels per block whose noise is judged together. */
const BLOCK = 64;
/** Standard deviations from which a channel says nothing about its surroundings. */
const FAR = 6;
/** A deviation of a channel counts for the noise of its block up to so many standard deviations. */
const CLIP = 4;
/** Mean of |x| of a normal number of variance 1, clipped at 4: a little less than the root of 2 / pi. */
const MEAN_SIZE = 0.7978;
/** Channels on each side that are the surroundings. */
const REACH = 8;

/**
 * What each channel should show: the mean of the frames before, times what its surroundings are now over what they
 * were; of data that are no counts, plus the difference. Then the deviations from it, and their variances: of the
 * counts, or as stated, or of the channel's own history; never less than the block scatters.
 *
 * @param work - receives `level`, `deviations`, `variances`.
 */
export function expectChannels(
  state: ChannelState,
  frame: ChannelFrame,
  work: ChannelWork,
  noise: ChannelOptions['noise'],
): void {
  const { values, bad, spikes } = frame;
  const { unusable, aside } = work;
  const { seen, fault } = state;
  const n = values.length;
  for (let i = 0; i < n; i++) {
    unusable[i] = bad[i] === 1 || fault[i] !== SOUND || seen[i] === 0 ? 1 : 0;
    aside[i] = unusable[i]! | spikes[i]!;
  }
  compare(state, frame, work, noise);
  if (setAside(work) > 0) compare(state, frame, work, noise);
  for (let from = 0; from < n; from += BLOCK) widen(work, from, Math.min(from + BLOCK, n));
}

/** Sets aside what deviates far, and more than all its surroundings. @returns how many. */
function setAside({ aside, deviations, variances }: ChannelWork): number {
  const n = deviations.length;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const square = deviations[i]! ** 2;
    if (aside[i] === 1 || square <= FAR * FAR * variances[i]!) continue;
    let isMost = true;
    for (let j = Math.max(i - REACH, 0); j <= Math.min(i + REACH, n - 1); j++)
      if (aside[j] === 0 && deviations[j]! ** 2 > square) isMost = false;
    if (!isMost) continue;
    aside[i] = 1;
    count++;
  }
  return count;
}

/** Levels from the channels that are not `aside`, deviations and variances. */
function compare(
  { reference, squares, seen }: ChannelState,
  { values, variances }: ChannelFrame,
  work: ChannelWork,
  noise: ChannelOptions['noise'],
): void {
  const { aside, unusable, deviations, level } = work;
  const n = values.length;
  levelOf(values, reference, aside, noise === 'counts' || noise === 'scaledCounts', level);
  for (let i = 0; i < n; i++) deviations[i] = values[i]! - level[i]!;
  if (noise === 'counts') for (let i = 0; i < n; i++) work.variances[i] = Math.max(level[i]!, 0) + 1;
  else if (noise === 'estimated') ownVariances(squares, unusable, work.variances);
  else statedVariances(variances!, work.variances);
  for (let i = 0; i < n; i++) work.variances[i]! *= 1 + 1 / Math.max(seen[i]!, 1);
}

function levelOf(
  values: Float64Array,
  reference: Float64Array,
  unusable: Uint8Array,
  areCounts: boolean,
  out: Float64Array,
): void {
  const n = values.length;
  let now = 0;
  let then = 0;
  let count = 0;
  for (let i = -REACH; i < n; i++) {
    const next = i + REACH;
    const last = next - 2 * REACH - 1;
    if (next < n && unusable[next] === 0) {
      now += values[next]!;
      then += reference[next]!;
      count++;
    }
    if (last >= 0 && unusable[last] === 0) {
      now -= values[last]!;
      then -= reference[last]!;
      count--;
    }
    if (i < 0) continue;
    if (count === 0) out[i] = reference[i]!;
    else if (!areCounts) out[i] = reference[i]! + (now - then) / count;
    else out[i] = then > 0 ? (reference[i]! * Math.max(now, 0)) / then : 0;
  }
}

/** A dead channel states no variance: never less than the mean of its neighbours. */
function statedVariances(stated: Float64Array, out: Float64Array): void {
  const last = stated.length - 1;
  for (let i = 0; i <= last; i++)
    out[i] = Math.max(stated[i]!, 0.5 * (stated[Math.max(i - 1, 0)]! + stated[Math.min(i + 1, last)]!));
}

/** Never less than the mean within eight channels. */
function ownVariances(squares: Float64Array, unusable: Uint8Array, out: Float64Array): void {
  const n = squares.length;
  let sum = 0;
  let count = 0;
  let from = 0;
  let to = 0;
  for (let i = 0; i < n; i++) {
    for (; to < n && to <= i + REACH; to++) {
      if (unusable[to] === 1) continue;
      sum += squares[to]!;
      count++;
    }
    for (; from < i - REACH; from++) {
      if (unusable[from] === 1) continue;
      sum -= squares[from]!;
      count--;
    }
    out[i] = Math.max(squares[i]!, count > 0 ? sum / count : 0);
  }
}

/** Raises the variances of a block that scatters more than they say. */
function widen({ deviations, variances, unusable }: ChannelWork, from: number, to: number): void {
  let sum = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    if (unusable[i] === 1 || !(variances[i]! > 0)) continue;
    sum += Math.min(Math.abs(deviations[i]!) / Math.sqrt(variances[i]!), CLIP);
    count++;
  }
  const size = count > 0 ? sum / (count * MEAN_SIZE) : 1;
  if (size > 1) for (let i = from; i < to; i++) variances[i]! *= size * size;
}
