/**
 * The frames a reference is learned from, summed in blocks: so drift within the learning is taken out, and a beginning
 * that was not steady can be let go. Plain data, bounded.
 */
export type LearningBlocks = {
  /** Blocks full or begun. */
  count: number;
  /** [blocks * n] sums of the values. */
  sums: Float64Array;
  /** [blocks] frames in each, and start in us. */
  frames: Float64Array;
  times: Float64Array;
  /** [n] sum of variances: as given, or half the squared differences of neighbouring frames. */
  variances: Float64Array;
  /** Frames, or pairs, behind them. */
  varianceCount: number;
  /** [n] the frame before. */
  previous: Float64Array;
  /** [n] frames in which a channel was masked, of the frames taken. */
  masked: Float64Array;
  taken: number;
  /** [n] 1 for channels masked in most of the frames learned from: they are never judged; and whether there are any. */
  unknown: Uint8Array;
  hasUnknown: boolean;
};

const BLOCKS = 12;

export function createLearningBlocks(n: number, learn: number): LearningBlocks {
  const blocks = Math.min(BLOCKS, learn);
  return {
    count: 0,
    sums: new Float64Array(blocks * n),
    frames: new Float64Array(blocks),
    times: new Float64Array(blocks),
    variances: new Float64Array(n),
    varianceCount: 0,
    previous: new Float64Array(n),
    masked: new Float64Array(n),
    taken: 0,
    unknown: new Uint8Array(n),
    hasUnknown: false,
  };
}

/** Frames learned so far. */
export function learnedFrames({ frames, count }: LearningBlocks): number {
  let sum = 0;
  for (let b = 0; b < count; b++) sum += frames[b]!;
  return sum;
}

/**
 * Takes a frame in.
 *
 * @param values - [n] masked channels bridged.
 * @param given - [n] its variances; null: they are learned from the differences of neighbouring frames.
 * @param mask - [n] its mask.
 * @returns whether `learn` frames are there.
 */
export function learnFrame(
  state: LearningBlocks,
  values: Float64Array,
  given: Float64Array | null,
  timeUs: number,
  learn: number,
  mask?: Uint8Array,
): boolean {
  const n = values.length;
  const blocks = state.frames.length;
  const before = learnedFrames(state);
  const isNew = state.count === 0 || state.frames[state.count - 1]! >= Math.ceil(learn / blocks);
  if (isNew && state.count < blocks) {
    state.times[state.count] = timeUs;
    state.frames[state.count] = 0;
    state.sums.fill(0, state.count * n, (state.count + 1) * n);
    state.count++;
  }
  const at = (state.count - 1) * n;
  for (let i = 0; i < n; i++) state.sums[at + i]! += values[i]!;
  if (given !== null || before > 0) {
    state.varianceCount++;
    for (let i = 0; i < n; i++)
      state.variances[i]! += given === null ? 0.5 * (values[i]! - state.previous[i]!) ** 2 : given[i]!;
  }
  state.previous.set(values);
  state.taken++;
  if (mask !== undefined) for (let i = 0; i < n; i++) if (mask[i] !== 0) state.masked[i]!++;
  state.frames[state.count - 1]!++;
  return before + 1 >= learn;
}

/** Tells the channels of which too little was seen. */
export function findUnknown(state: LearningBlocks): void {
  state.hasUnknown = false;
  for (let i = 0; i < state.unknown.length; i++) {
    const isUnknown = 2 * state.masked[i]! > state.taken;
    state.unknown[i] = isUnknown ? 1 : 0;
    if (isUnknown) state.hasUnknown = true;
  }
}

/** The channels not to be judged: masked now, or while learning. @param out - [n] may receive them. */
export function judgedMask(
  { unknown, hasUnknown }: LearningBlocks,
  mask: Uint8Array | undefined,
  out: Uint8Array,
): Uint8Array | undefined {
  if (!hasUnknown) return mask;
  if (mask === undefined) return unknown;
  for (let i = 0; i < out.length; i++) out[i] = mask[i]! | unknown[i]!;
  return out;
}

/** Lets go of the first `blocks` blocks. Variances learned by then are kept: they do not care for the level. */
export function forgetBlocks(state: LearningBlocks, blocks: number): void {
  const n = state.previous.length;
  state.sums.copyWithin(0, blocks * n, state.count * n);
  state.frames.copyWithin(0, blocks, state.count);
  state.times.copyWithin(0, blocks, state.count);
  state.count -= blocks;
}
