import { readWarped } from '../change/axisShift.ts';
import type { ShiftReference } from './shiftReference.ts';

/**
 * A reference as it looks near one shift: model(at + d) = model + d (slope + d / 2 curvature), and sums of products of these.
 *
 * A spectrum is held against score + d bend, differences between neighbouring channels, not against the slope of the interpolation: the
 * noise of a learned reference is lower between its channels than at them, and would draw the fit there. Between readings a whole channel
 * apart it cancels.
 */
export interface ShiftReading {
  readonly reference: ShiftReference;
  /** The part [first, end) of the channels that counts. */
  readonly first: number;
  readonly end: number;
  /** The shift it was read at, axis units; up to `reach` from there the parabola stands for the reference. */
  at: number;
  readonly reach: number;
  readonly model: Float64Array;
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
  readonly score: Float64Array;
  readonly bend: Float64Array;
  /** [n] inverse variances at gain 1, 0 for what is not used. */
  readonly weights: Float64Array;
  /** The weights are those of no frame in particular. */
  isPlain: boolean;
  usedCount: number;
  /** Weighted sums of products: m model, s slope, t score, w of the weights alone. */
  readonly sums: Record<'w' | 'm' | 't' | 'mm' | 'mt' | 'st' | 'tt', number>;
}

/** Of a channel: less than it costs in accuracy at lines three channels wide (2e-4 channels), more than a shift scatters between frames. */
const REACH = 0.25;
/** Channels at the ends that lack the neighbours to take differences between. */
const MARGIN = 2;
/** Smallest variance of a channel over the mean one: an empty channel is not certain. */
const LEAST_VARIANCE = 1e-3;

/**
 * Makes room for a reading and takes it at a shift.
 *
 * @param at - axis units.
 * @param first - first channel to use.
 * @param end - channel after the last to use.
 */
export function createShiftReading(
  reference: ShiftReference,
  at = 0,
  first = 0,
  end = reference.x.length,
): ShiftReading {
  const { x } = reference;
  const n = x.length;
  const reading: ShiftReading = {
    reference,
    first,
    end,
    at,
    reach: n > 1 ? (REACH * (x[n - 1]! - x[0]!)) / (n - 1) : 1,
    model: new Float64Array(n),
    slope: new Float64Array(n),
    curvature: new Float64Array(n),
    score: new Float64Array(n),
    bend: new Float64Array(n),
    weights: new Float64Array(n),
    isPlain: false,
    usedCount: 0,
    sums: { w: 0, m: 0, t: 0, mm: 0, mt: 0, st: 0, tt: 0 },
  };
  readShifted(reading, at);
  return reading;
}

/** Takes a reading at another shift, in axis units: the parabola through the reference read there and `reach` to either side. */
export function readShifted(reading: ShiftReading, at: number): void {
  const { reference, reach, model, slope, curvature, score, bend } = reading;
  const { x, values, slopes } = reference;
  reading.at = at;
  readWarped(values, slopes, x, { shift: at, stretch: 0, centre: 0 }, model);
  readWarped(values, slopes, x, { shift: at - reach, stretch: 0, centre: 0 }, slope);
  readWarped(values, slopes, x, { shift: at + reach, stretch: 0, centre: 0 }, curvature);
  const perSpan = 0.5 / reach;
  const perSquare = 1 / (reach * reach);
  for (let i = 0; i < x.length; i++) {
    const before = slope[i]!;
    const after = curvature[i]!;
    slope[i] = (after - before) * perSpan;
    curvature[i] = (after - 2 * model[i]! + before) * perSquare;
  }
  for (let i = MARGIN; i < x.length - MARGIN; i++) {
    const perChannel = 2 / (x[i + 1]! - x[i - 1]!);
    score[i] = 0.5 * perChannel * (model[i + 1]! - model[i - 1]!);
    bend[i] = 0.25 * perChannel * perChannel * (model[i + 2]! - 2 * model[i]! + model[i - 2]!);
  }
  weigh(reading, undefined, 0);
}

/**
 * Weighs the channels by the inverse of their variance, 0 where nothing can be compared.
 *
 * @param mask - [n] of the frame, 1 = do not use.
 * @param offset - constant in the spectrum, over its gain; it scatters as well.
 */
export function weigh(reading: ShiftReading, mask: Uint8Array | undefined, offset: number): void {
  const { reference, at, first, end, model, slope, score, weights, sums } = reading;
  const { x, variances, mask: unused } = reference;
  // Nothing is held against what lies beyond the ends.
  const low = (x[MARGIN] ?? Infinity) - Math.min(at, 0);
  const high = (x[x.length - 1 - MARGIN] ?? -Infinity) - Math.max(at, 0);
  let total = 0;
  for (let i = first; i < end; i++) total += variances === null ? model[i]! : variances[i]!;
  const least = Math.max(1e-300, (LEAST_VARIANCE * total) / (end - first));
  sums.w = sums.m = sums.t = sums.mm = sums.mt = sums.st = sums.tt = 0;
  reading.usedCount = 0;
  for (let i = first; i < end; i++) {
    if (mask?.[i] === 1 || unused?.[i] === 1 || x[i]! < low || x[i]! > high) {
      weights[i] = 0;
      continue;
    }
    const weight = 1 / Math.max(variances === null ? model[i]! + offset : variances[i]!, least);
    const ofModel = weight * model[i]!;
    const ofScore = weight * score[i]!;
    weights[i] = weight;
    reading.usedCount++;
    sums.w += weight;
    sums.m += ofModel;
    sums.t += ofScore;
    sums.mm += ofModel * model[i]!;
    sums.mt += ofModel * score[i]!;
    sums.st += ofScore * slope[i]!;
    sums.tt += ofScore * score[i]!;
  }
  reading.isPlain = mask === undefined && offset === 0;
}
