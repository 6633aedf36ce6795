import { readWarped } from '../change/axisShift.ts';
import type { ShiftReference } from './shiftReference.ts';

/** A reference as it looks near one shift: model(at + d) = model + d (slope + d / 2 curvature), and sums of products of these. */
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
  /** [n] inverse variances at gain 1, 0 for what is not used. */
  readonly weights: Float64Array;
  /** The weights are those of no frame in particular. */
  isPlain: boolean;
  usedCount: number;
  /** Weighted sums of products: m model, s slope, c curvature, w of the weights alone. */
  readonly sums: Record<'w' | 'm' | 's' | 'c' | 'mm' | 'ms' | 'mc' | 'ss' | 'sc' | 'cc', number>;
}

/** Of a channel: less than it costs in accuracy at lines three channels wide (2e-4 channels), more than a shift scatters between frames. */
const REACH = 0.25;
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
    weights: new Float64Array(n),
    isPlain: false,
    usedCount: 0,
    sums: { w: 0, m: 0, s: 0, c: 0, mm: 0, ms: 0, mc: 0, ss: 0, sc: 0, cc: 0 },
  };
  readShifted(reading, at);
  return reading;
}

/** Takes a reading at another shift, in axis units: the parabola through the reference read there and `reach` to either side. */
export function readShifted(reading: ShiftReading, at: number): void {
  const { reference, reach, model, slope, curvature } = reading;
  const { x, values, slopes } = reference;
  reading.at = at;
  readWarped(values, slopes, x, { shift: at, stretch: 0, centre: 0 }, model);
  readWarped(values, slopes, x, { shift: at - reach, stretch: 0, centre: 0 }, slope);
  readWarped(values, slopes, x, { shift: at + reach, stretch: 0, centre: 0 }, curvature);
  for (let i = 0; i < x.length; i++) {
    const before = slope[i]!;
    const after = curvature[i]!;
    slope[i] = (after - before) / (2 * reach);
    curvature[i] = (after - 2 * model[i]! + before) / (reach * reach);
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
  const { reference, at, reach, first, end, model, slope, curvature, weights, sums } = reading;
  const { x, variances, mask: unused } = reference;
  // So far from the ends that the parabola does not reach over them.
  const low = x[0]! - at + reach;
  const high = x[x.length - 1]! - at - reach;
  let total = 0;
  for (let i = first; i < end; i++) total += variances === null ? model[i]! : variances[i]!;
  const least = Math.max(1e-300, (LEAST_VARIANCE * total) / (end - first));
  let w = 0,
    m = 0,
    s = 0,
    c = 0,
    mm = 0,
    ms = 0,
    mc = 0,
    ss = 0,
    sc = 0,
    cc = 0;
  let usedCount = 0;
  for (let i = first; i < end; i++) {
    if (mask?.[i] === 1 || unused?.[i] === 1 || x[i]! < low || x[i]! > high) {
      weights[i] = 0;
      continue;
    }
    const weight = 1 / Math.max(variances === null ? model[i]! + offset : variances[i]!, least);
    const ofModel = weight * model[i]!;
    const ofSlope = weight * slope[i]!;
    const ofCurvature = weight * curvature[i]!;
    weights[i] = weight;
    usedCount++;
    w += weight;
    m += ofModel;
    s += ofSlope;
    c += ofCurvature;
    mm += ofModel * model[i]!;
    ms += ofModel * slope[i]!;
    mc += ofModel * curvature[i]!;
    ss += ofSlope * slope[i]!;
    sc += ofSlope * curvature[i]!;
    cc += ofCurvature * curvature[i]!;
  }
  Object.assign(sums, { w, m, s, c, mm, ms, mc, ss, sc, cc });
  reading.usedCount = usedCount;
  reading.isPlain = mask === undefined && offset === 0;
}
