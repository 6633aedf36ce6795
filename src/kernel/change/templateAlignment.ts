import { readWarped, slopeAlong } from './axisShift.ts';
import { LEAST_SIGNAL } from './referenceNoise.ts';
import { learnedFrames, type LearningBlocks } from './templateLearning.ts';

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
      const step = shiftOf(
        sums.subarray(b * n, (b + 1) * n),
        { mean, slopes, frames: total },
        x,
        variances,
        shifts[b]!,
      );
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
  { mean, slopes, frames }: { mean: Float64Array; slopes: Float64Array; frames: number },
  x: Float64Array,
  variances: Float64Array,
  shift: number,
): { shift: number; error: number } {
  const n = x.length;
  const pitch = n < 2 ? 1 : (x[n - 1]! - x[0]!) / (n - 1);
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
  // The noise of a mean of so many frames has slopes as well: blocks aligned by them would be scattered by chance.
  const noise = n / (2 * pitch * pitch * frames);
  if (ss - noise < LEAST_SIGNAL * ss) return { shift: 0, error: Infinity };
  ss -= noise;
  const determinant = mm * ss - ms * ms;
  if (!(determinant > 1e-9 * mm * ss)) return { shift: 0, error: Infinity };
  const gain = (ym * ss - ys * ms) / determinant;
  const step = (ys * mm - ym * ms) / determinant;
  return { shift: gain > 0 ? step / gain : 0, error: Math.sqrt(mm / determinant) };
}
