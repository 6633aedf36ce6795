import { damageFractions, type DamageKinetics } from './damageKinetics.ts';

/** What the frames have said of each hypothesis: plain data. */
export type GridState = {
  /** [count] posterior probabilities, together 1. */
  weights: Float64Array;
  /** [count] or [0] error of the reference, as each hypothesis sees it; [0] when the reference is exact. */
  offset: Float64Array;
  /** As `offset`: its variance. */
  offsetVariance: Float64Array;
};

/** Relative error granted to each hypothesis, so that a million counts cannot crush the grid on its nearest wrong node. */
const MODEL_ERROR = 0.02;
/** A hypothesis this improbable is given up, and costs nothing more. */
const DEAD = 1e-100;
/** Nats below the best at which a likelihood is cut, for it must not underflow. */
const LOWEST = -600;

/** The prior. @param isReferenceExact - the undamaged reference has no error, and needs no memory for it. */
export function createGridState({ prior, count }: DamageKinetics, isReferenceExact: boolean): GridState {
  const size = isReferenceExact ? 0 : count;
  return { weights: prior.slice(), offset: new Float64Array(size), offsetVariance: new Float64Array(size) };
}

/** The prior again, in place. */
export function resetGrid({ weights, offset, offsetVariance }: GridState, { prior }: DamageKinetics): void {
  weights.set(prior);
  offset.fill(0);
  offsetVariance.fill(0);
}

/**
 * The reference was measured: from now on all fractions are measured from it.
 *
 * @param clocks - dose by each clock in the middle of its measurement: what it was damaged already.
 * @param variance - of the damage fraction of the reference.
 */
export function giveGridReference(
  { offset, offsetVariance }: GridState,
  kinetics: DamageKinetics,
  clocks: Float64Array,
  variance: number,
): void {
  if (offset.length === 0) return;
  damageFractions(kinetics, clocks, offset);
  for (let i = 0; i < offset.length; i++) offset[i]! *= -1;
  offsetVariance.fill(variance);
}

/**
 * Weighs every hypothesis by one frame.
 *
 * @param clocks - dose by each clock in the middle of the frame.
 * @param fraction - estimated damage fraction of the frame, `variance` its variance.
 * @param scratch - [2, count].
 * @returns logarithm of the predictive density of `fraction`.
 */
export function weighGrid(
  state: GridState,
  kinetics: DamageKinetics,
  clocks: Float64Array,
  fraction: number,
  variance: number,
  scratch: readonly [Float64Array, Float64Array],
): number {
  const { weights, offset, offsetVariance } = state;
  const [expected, evidence] = scratch;
  const isExact = offset.length === 0;
  damageFractions(kinetics, clocks, expected, weights);
  let best = -Infinity;
  for (let i = 0; i < kinetics.count; i++) {
    if (weights[i] === 0) continue;
    const f = expected[i]!;
    let innovation = fraction - f;
    let total = variance + MODEL_ERROR * MODEL_ERROR * f * f;
    if (!isExact) {
      innovation -= offset[i]!;
      const own = offsetVariance[i]!;
      total += own;
      const gain = own / total;
      offset[i]! += gain * innovation;
      offsetVariance[i] = own * (1 - gain);
    }
    const log = (-0.5 * (innovation * innovation)) / total - 0.5 * Math.log(total);
    evidence[i] = log;
    if (log > best) best = log;
  }
  let sum = 0;
  for (let i = 0; i < kinetics.count; i++) {
    if (weights[i] === 0) continue;
    const weight = weights[i]! * Math.exp(Math.max(LOWEST, evidence[i]! - best));
    weights[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < kinetics.count; i++) weights[i] = weights[i]! > DEAD * sum ? weights[i]! / sum : 0;
  return best + Math.log(sum) - HALF_LOG_TWO_PI;
}

const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * Probability that the tolerance is passed at the given dose. Each hypothesis stands for its cell of ln(reach).
 *
 * @param clocks - dose by each clock.
 */
export function gridOver(
  { weights }: GridState,
  { count, reach, clock, cell }: DamageKinetics,
  clocks: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const x = clocks[clock[i]!]!;
    const half = 0.5 * cell[i]! * reach[i]!;
    const below = x - reach[i]!;
    if (below >= half) sum += weights[i]!;
    else if (below > -half) sum += (weights[i]! * (below + half)) / (2 * half);
  }
  return sum;
}
