import { readWarped, slopeAlong } from './axisShift.ts';

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

/**
 * Mean spectrum of one frame, each block brought to the axis of their mean.
 *
 * @param variances - [n] of one frame.
 * @param mean - [n] receives the mean.
 * @returns [blocks] shift of each block, axis units: added to the coordinates.
 */
export function alignBlocks(
  state: LearningBlocks,
  x: Float64Array,
  variances: Float64Array,
  follows: boolean,
  mean: Float64Array,
): Float64Array {
  const n = x.length;
  const { count, sums, frames } = state;
  const shifts = new Float64Array(count);
  const slopes = new Float64Array(n);
  const blockSlopes = new Float64Array(n);
  const aligned = new Float64Array(n);
  const total = learnedFrames(state);
  for (let round = 0; ; round++) {
    mean.fill(0);
    for (let b = 0; b < count; b++) {
      const block = sums.subarray(b * n, (b + 1) * n);
      readWarped(block, slopeAlong(block, x, blockSlopes), x, { shift: -shifts[b]!, stretch: 0, centre: 0 }, aligned);
      for (let i = 0; i < n; i++) mean[i]! += aligned[i]! / total;
    }
    if (!follows || round === ROUNDS || count < 2) return shifts;
    slopeAlong(mean, x, slopes);
    for (let b = 0; b < count; b++) {
      const step = shiftOf(sums.subarray(b * n, (b + 1) * n), mean, slopes, x, variances, shifts[b]!);
      // What is within its noise is no drift: aligned by it, the reference would only be blurred.
      const error = step.error / Math.sqrt(frames[b]!);
      const seen = shifts[b]! + step.shift;
      const share = Math.max(0, 1 - (2 * error * error) / (seen * seen || 1e-300));
      shifts[b] = round === ROUNDS - 1 ? seen * share : seen;
    }
    let middle = 0;
    for (let b = 0; b < count; b++) middle += (shifts[b]! * frames[b]!) / total;
    for (let b = 0; b < count; b++) shifts[b]! -= middle;
  }
}

const ROUNDS = 4;

/** Shift of a spectrum against the mean read at `shift`: least squares over gain and slope. */
function shiftOf(
  block: Float64Array,
  mean: Float64Array,
  slopes: Float64Array,
  x: Float64Array,
  variances: Float64Array,
  shift: number,
): { shift: number; error: number } {
  const n = x.length;
  const model = readWarped(mean, slopes, x, { shift, stretch: 0, centre: 0 }, new Float64Array(n));
  const slope = slopeAlong(model, x);
  let mm = 0;
  let ms = 0;
  let ss = 0;
  let ym = 0;
  let ys = 0;
  for (let i = 0; i < n; i++) {
    const w = 1 / variances[i]!;
    mm += model[i]! * model[i]! * w;
    ms += model[i]! * slope[i]! * w;
    ss += slope[i]! * slope[i]! * w;
    ym += block[i]! * model[i]! * w;
    ys += block[i]! * slope[i]! * w;
  }
  const determinant = mm * ss - ms * ms;
  if (!(determinant > 1e-9 * mm * ss)) return { shift: 0, error: Infinity };
  const gain = (ym * ss - ys * ms) / determinant;
  const step = (ys * mm - ym * ms) / determinant;
  return { shift: gain > 0 ? step / gain : 0, error: Math.sqrt(mm / determinant) };
}
