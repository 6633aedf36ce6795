import type { ShiftReading } from './shiftReading.ts';

/** Of the curvature that slope and score promise: less is not believed, and the steps would grow too long. */
const LEAST_SLOPE = 0.3;

/** Where the fit stands and what counts as too far off. */
export interface ShiftTrial {
  /** Shift from where the reading was taken, axis units. */
  readonly distance: number;
  readonly gain: number;
  readonly offset: number;
  /** Residuals beyond this many standard deviations are clipped. */
  readonly bound: number;
  /** Residuals smaller than this are not, in the unit of the values. */
  readonly least: number;
  /** Clipped ones count with reduced weight, as if at the bound; otherwise not at all. */
  readonly isSoft: boolean;
}

/** Normal equations of gain (g), shift (s) and offset (o): `h..` curvatures, `b.` gradients. */
export interface ShiftScore {
  hgg: number;
  hgs: number;
  hss: number;
  hgo: number;
  hso: number;
  hoo: number;
  /** Variance of the gradient of the shift, where `hss` is its change. */
  vss: number;
  bg: number;
  bs: number;
  bo: number;
  /** Sum of the squared standardised residuals, each at most bound^2. */
  scatter: number;
  clippedCount: number;
}

export const createShiftScore = (): ShiftScore => ({
  hgg: 0,
  hgs: 0,
  hss: 0,
  hgo: 0,
  hso: 0,
  hoo: 0,
  vss: 0,
  bg: 0,
  bs: 0,
  bo: 0,
  scatter: 0,
  clippedCount: 0,
});

/**
 * One pass over the channels. What the spectrum has no part in comes from the sums of the reading, so that only gradients are summed, and
 * what clipped channels had in the curvatures is taken out again.
 *
 * @param values - [n].
 * @param out - receives the sums.
 */
export function shiftScore(values: Float64Array, reading: ShiftReading, trial: ShiftTrial, out: ShiftScore): void {
  const { first, end, model, slope, curvature, score, bend, weights, sums } = reading;
  const { distance: d, gain, offset, bound, least, isSoft } = trial;
  const half = 0.5 * d;
  out.hgg = sums.mm;
  out.hgs = sums.mt;
  out.hss = sums.st;
  out.vss = sums.tt;
  out.hgo = sums.m;
  out.hso = sums.t;
  out.hoo = sums.w;
  // The variance of the spectrum is gain times that of the reference.
  const limit = bound * bound * gain;
  const leastSquared = least * least;
  let bg = 0;
  let bs = 0;
  let bo = 0;
  let bent = 0;
  let scatter = 0;
  let clippedCount = 0;
  for (let i = first; i < end; i++) {
    const weight = weights[i]!;
    const mi = model[i]! + d * (slope[i]! + half * curvature[i]!);
    const bi = bend[i]!;
    const ti = score[i]! + d * bi;
    const residual = values[i]! - gain * mi - offset;
    let pull = weight * residual;
    const squared = pull * residual;
    if (squared > limit) {
      scatter += limit;
      if (residual * residual > leastSquared) {
        const kept = isSoft ? Math.sqrt(limit / squared) : 0;
        const lost = (1 - kept) * weight;
        pull *= kept;
        out.hgg -= lost * mi * mi;
        out.hgs -= lost * mi * ti;
        out.hss -= lost * slope[i]! * ti;
        out.vss -= lost * ti * ti;
        out.hgo -= lost * mi;
        out.hso -= lost * ti;
        out.hoo -= lost;
        clippedCount++;
      }
    } else scatter += squared;
    bg += pull * mi;
    bs += pull * ti;
    bo += pull;
    bent += pull * bi;
  }
  const perGain = 1 / gain;
  out.hgg *= perGain;
  // The noise that slope and score of a learned reference have in common tells nothing of a shift; this takes it out, where enough is left.
  out.hss = Math.max(out.hss * gain - bent, LEAST_SLOPE * out.hss * gain);
  out.vss *= gain;
  out.hgo *= perGain;
  out.hoo *= perGain;
  out.bg = bg * perGain;
  out.bs = bs;
  out.bo = bo * perGain;
  out.scatter = scatter * perGain;
  out.clippedCount = clippedCount;
}
