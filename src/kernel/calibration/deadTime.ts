import { refusal } from '../refusal.ts';

/** 'nonParalysable': a pulse during the dead time is lost. 'paralysable': it also prolongs it. */
export type DeadTimeModel = 'nonParalysable' | 'paralysable';

/** What a counted pulse stands for. */
export interface DeadTimeFactor {
  /** True counts over counted ones, >= 1. */
  factor: number;
  /** Variance of the true counts over the counted ones: less than factor^2, because dead time makes counts more even. */
  variance: number;
  /** Counted rates that no true rate makes: the factor is that of the highest possible one. */
  isBeyond: boolean;
}

const ROUNDS = 60;

/**
 * True rate behind a counted one. Non-paralysable: n = m / (1 - m t); paralysable: m = n exp(-n t), the lower of its two solutions.
 *
 * @param rate - counted, 1/s, >= 0.
 * @param deadTime - s, >= 0.
 * @param out - overwritten. The variance is that of the counts of a long time with this dead time.
 * @throws RangeError 'OutOfRange' for a rate or a dead time below 0 or not finite.
 * @see Knoll, Radiation Detection and Measurement, 4th ed. (2010), section 4.VII; Mueller, Nucl. Instrum. Methods 112 (1973) 47 (variances).
 * @example
 * deadTimeFactor(1e5, 1e-6, 'nonParalysable', { factor: 1, variance: 1, isBeyond: false }).factor.toFixed(4); // => '1.1111'
 */
export function deadTimeFactor(
  rate: number,
  deadTime: number,
  model: DeadTimeModel,
  out: DeadTimeFactor,
): DeadTimeFactor {
  if (!(rate >= 0 && rate < Infinity && deadTime >= 0 && deadTime < Infinity))
    throw refusal('OutOfRange', `the rate is ${rate} and the dead time ${deadTime}, expected 0 or more`);
  const share = rate * deadTime;
  if (model === 'nonParalysable') {
    out.isBeyond = share > MOST_DEAD;
    out.factor = 1 / (1 - Math.min(share, MOST_DEAD));
    // var m T = n T / (1 + n t)^3, and dn / dm = (1 + n t)^2: per counted pulse 1 + n t squared.
    out.variance = out.factor * out.factor;
    return out;
  }
  out.isBeyond = share > 1 / Math.E;
  // u = n t, u exp(-u) = m t: Newton from below towards the lower root.
  const target = Math.min(share, 1 / Math.E);
  let u = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const slope = (1 - u) * Math.exp(-u);
    const step = slope > 1e-12 ? (target - u * Math.exp(-u)) / slope : 0;
    u = Math.min(u + step, 1);
    if (!(Math.abs(step) > 1e-15 * u)) break;
  }
  out.factor = Math.exp(u);
  // var m T = m T (1 - 2 m t), and dn / dm = exp(u) / (1 - u).
  const slope = out.factor / Math.max(1 - u, LEAST_SLOPE);
  out.variance = (1 - 2 * target) * slope * slope;
  return out;
}

/** Share of dead time beyond which a non-paralysable counter is taken to be saturated. */
const MOST_DEAD = 0.99;
/** Near its highest rate a paralysable counter says nothing of the true one. */
const LEAST_SLOPE = 1e-2;
