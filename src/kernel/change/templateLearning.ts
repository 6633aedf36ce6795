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
 * @param given - [n] its variances; null: they are learned from the differences of neighbouring frames.
 * @returns whether `learn` frames are there.
 */
export function learnFrame(
  state: LearningBlocks,
  values: Float64Array,
  given: Float64Array | null,
  timeUs: number,
  learn: number,
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
  state.frames[state.count - 1]!++;
  return before + 1 >= learn;
}

/** Lets go of the first `blocks` blocks. Variances learned by then are kept: they do not care for the level. */
export function forgetBlocks(state: LearningBlocks, blocks: number): void {
  const n = state.previous.length;
  state.sums.copyWithin(0, blocks * n, state.count * n);
  state.frames.copyWithin(0, blocks, state.count);
  state.times.copyWithin(0, blocks, state.count);
  state.count -= blocks;
}
