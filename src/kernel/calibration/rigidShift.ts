import { refusal } from '../refusal.ts';
import { readShifted, weigh, type ShiftReading } from './shiftReading.ts';
import { createShiftScore, shiftScore } from './shiftScore.ts';

export interface RigidShiftOptions {
  /** Of the reference; taken again where the fit goes, which changes it. */
  readonly reading: ShiftReading;
  /** [n], 1 = do not use. */
  readonly mask?: Uint8Array | undefined;
  /** Where to start, in axis units: the last shift of a slow drift, 0 without. Right to about half a peak width. @default 0 */
  readonly start?: number;
  /** Channels further off than this many standard deviations do not count, nor less than this many counts: a new peak cannot pull the fit. Larger trusts more channels. @default 4 */
  readonly clip?: number;
  /** Fit a constant offset too. @default false */
  readonly offset?: boolean;
  /** The variances are known up to a factor only: errors are scaled by the scatter of the residuals. @default false */
  readonly scaled?: boolean;
}

export interface RigidShift {
  /** Added to the coordinates of the spectrum makes them those of the reference, axis units. */
  shift: number;
  standardError: number;
  /** Intensity over that of the reference. */
  gain: number;
  gainError: number;
  offset: number;
  converged: boolean;
  iterationCount: number;
  clippedCount: number;
}

const ITERATIONS = 30;
/** Iterations before channels may be left out altogether. */
const SOFT_ITERATIONS = 2;
/** Of its standard error; the next step would be smaller by about the same factor again. */
const SMALL_STEP = 0.1;

/**
 * Rigid shift of a spectrum against a reference: y(x) = gain r(x + shift) (+ offset), by iterated weighted least squares
 * (Fisher scoring) with the variances of the model, not of the data, r read by cubic interpolation.
 *
 * Residuals beyond `clip` standard deviations first count with reduced weight (Huber), then not at all.
 *
 * @param values - [n], finite.
 * @param options - see {@link RigidShiftOptions}.
 * @returns the estimate; standard errors from the inverse Hessian; `converged` false when there is nothing to align or the fit left the axis.
 * @throws RangeError when the lengths disagree.
 * @see Huber, Ann. Math. Statist. 35 (1964) 73.
 */
export function rigidShift(values: Float64Array, options: RigidShiftOptions): RigidShift {
  const { reading, mask, start = 0, clip = 4, offset: fitsOffset = false, scaled = false } = options;
  const { x, variances } = reading.reference;
  const n = x.length;
  if (values.length !== n) throw refusal('LengthMismatch', `values have ${values.length} elements, the reference ${n}`);
  const fit: RigidShift = {
    shift: start,
    standardError: NaN,
    gain: NaN,
    gainError: NaN,
    offset: 0,
    converged: false,
    iterationCount: 0,
    clippedCount: 0,
  };
  if (Math.abs(start - reading.at) > reading.reach) readShifted(reading, start);
  if (mask !== undefined || !reading.isPlain) weigh(reading, mask, 0);
  fit.gain = firstGain(values, reading);
  if (n < 3 || !(fit.gain > 0 && fit.gain < Infinity)) return fit;
  const span = x[n - 1]! - x[0]!;
  const least = variances === null ? clip : 0;
  const score = createShiftScore();
  let bound = scaled ? Infinity : clip;
  let isSoft = true;
  for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
    if (Math.abs(fit.shift - reading.at) > reading.reach) {
      readShifted(reading, fit.shift);
      if (mask !== undefined) weigh(reading, mask, 0);
    }
    if (fitsOffset) weigh(reading, mask, fit.offset / fit.gain);
    const { shift, gain, offset } = fit;
    shiftScore(values, reading, { distance: shift - reading.at, gain, offset, bound, least, isSoft }, score);
    const { bg, bs, hgo, hso, bo, scatter, clippedCount } = score;
    const { usedCount } = reading;
    // The offset is eliminated first; what remains is a problem of two.
    const perOffset = fitsOffset && score.hoo > 0 ? 1 / score.hoo : 0;
    const hgg = score.hgg - hgo * hgo * perOffset;
    const hgs = score.hgs - hgo * hso * perOffset;
    const hss = score.hss - hso * hso * perOffset;
    const ofGain = bg - hgo * bo * perOffset;
    const ofShift = bs - hso * bo * perOffset;
    const determinant = hgg * hss - hgs * hgs;
    fit.iterationCount = iteration;
    fit.clippedCount = clippedCount;
    if (!(determinant > 1e-12 * hgg * hss) || usedCount < 3 || (!isSoft && clippedCount > usedCount / 2)) return fit;
    const stepShift = (hgg * ofShift - hgs * ofGain) / determinant;
    const stepGain = (hss * ofGain - hgs * ofShift) / determinant;
    fit.offset += (bo - hgo * stepGain - hso * stepShift) * perOffset;
    fit.shift += stepShift;
    fit.gain += stepGain;
    const factor = scaled ? scatter / Math.max(1, usedCount - 2) : 1;
    fit.standardError = Math.sqrt((factor * hgg * score.vss) / (score.hss * determinant));
    fit.gainError = Math.sqrt((factor * hss) / determinant);
    if (!(fit.gain > 0) || Math.abs(fit.shift) > 0.5 * span || !Number.isFinite(fit.standardError)) return fit;
    const isSettled = Math.abs(stepShift) < SMALL_STEP * fit.standardError;
    if (isSettled && bound < Infinity && (!isSoft || clippedCount === 0)) {
      fit.converged = true;
      return fit;
    }
    // With variances that are too small everything would be clipped: the bound follows the scatter, never below its nominal size.
    const scale = Math.sqrt(scatter / usedCount);
    bound = clip * (scaled ? scale : Math.max(1, scale));
    if (isSettled || iteration >= SOFT_ITERATIONS) isSoft = false;
  }
  return fit;
}

/** Weighted least squares of the gain alone, where the reading was taken. */
function firstGain(values: Float64Array, { first, end, model, weights, sums }: ShiftReading): number {
  let product = 0;
  for (let i = first; i < end; i++) product += weights[i]! * model[i]! * values[i]!;
  return product / sums.mm;
}
