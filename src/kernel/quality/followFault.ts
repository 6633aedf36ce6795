import {
  FAST,
  FLICKERING,
  mostZeros,
  NEVER_ALIVE,
  partOf,
  SLOW,
  SOUND,
  type ChannelState,
  type ChannelWork,
} from './channelState.ts';

/** Frames for which a channel that is as expected again is still left out. */
const HELD = 200;
/** Standard deviations up to which a channel is calm. */
const CALM = 2;
/** Part of the threshold up to which a channel is as expected in a frame, and over many. */
const EXPECTED = 0.75;
const EXPECTED_OVER_MANY = 0.5;
/** Calm frames in a row after which a channel that deviates again flickers. */
const CALM_FRAMES = 2;

/** A sound channel is found broken. */
export function begin(state: ChannelState, work: ChannelWork, i: number, fault: number): void {
  state.fault[i] = fault;
  state.held[i] = HELD;
  state.calm[i] = 0;
  state.newest[fault] = i;
  state.strength[fault] = strengthOf(state, work, i);
}

/** Takes a broken channel one frame further: it stays so, flickers, or is used again after 200 frames as expected. */
export function followFault(state: ChannelState, work: ChannelWork, i: number, threshold: number): void {
  const { fault, held, calm, empty, seen, newest, strength } = state;
  const isEmpty = empty[i]! > mostZeros(threshold);
  if (fault[i] === NEVER_ALIVE) {
    held[i] = isEmpty ? HELD : held[i]! - 1;
    if (held[i] === 0) {
      seen[i] = 0;
      release(state, i);
    }
    return;
  }
  const size = Math.abs(work.deviations[i]!) / Math.sqrt(work.variances[i]!);
  if (calm[i]! >= CALM_FRAMES && size > threshold && fault[i] !== FLICKERING) {
    release(state, i);
    begin(state, work, i, FLICKERING);
  }
  calm[i] = size < CALM && !isEmpty ? Math.min(calm[i]! + 1, CALM_FRAMES) : 0;
  const strongest = strengthOf(state, work, i);
  if (newest[fault[i]!] === i) strength[fault[i]!] = Math.max(strength[fault[i]!]!, strongest);
  const many = sizeOf(state.slow, SLOW, state, work, i);
  const isBroken = isEmpty || size > EXPECTED * threshold || many > EXPECTED_OVER_MANY * threshold;
  held[i] = isBroken ? HELD : held[i]! - 1;
  if (held[i] === 0) release(state, i);
}

function release(state: ChannelState, i: number): void {
  const fault = state.fault[i]!;
  state.fault[i] = SOUND;
  state.alone[i] = state.fast[i] = state.slow[i] = 0;
  if (state.newest[fault] === i) state.newest[fault] = state.fault.lastIndexOf(fault);
}

/** The most that any look at a channel gives, standard deviations. */
function strengthOf(state: ChannelState, work: ChannelWork, i: number): number {
  return Math.max(
    Math.abs(work.deviations[i]!) / Math.sqrt(work.variances[i]!),
    sizeOf(state.fast, FAST, state, work, i),
    sizeOf(state.slow, SLOW, state, work, i),
    Math.sqrt(2 * state.empty[i]!),
  );
}

function sizeOf(means: Float64Array, weight: number, { seen }: ChannelState, work: ChannelWork, i: number): number {
  return Math.abs(means[i]!) / Math.sqrt(work.variances[i]! * partOf(weight, Math.max(seen[i]!, 1)));
}
