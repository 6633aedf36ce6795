import { damageFractions, type DamageKinetics } from './damageKinetics.ts';

/** Log-likelihood of every hypothesis, from which none is forgotten: plain data. */
export type ConfidenceState = {
  /** [count] nats, up to a constant that all share. */
  logLikelihood: Float64Array;
};

/** Nothing seen. @param count - hypotheses; 0: not wanted. */
export function createConfidence(count: number): ConfidenceState {
  return { logLikelihood: new Float64Array(count) };
}

/**
 * Adds one frame to the likelihood of every hypothesis.
 *
 * @param clocks - dose by each clock in the middle of the frame.
 * @param scratch - [count].
 */
export function weighConfidence(
  { logLikelihood }: ConfidenceState,
  kinetics: DamageKinetics,
  clocks: Float64Array,
  fraction: number,
  variance: number,
  scratch: Float64Array,
): void {
  damageFractions(kinetics, clocks, scratch);
  for (let i = 0; i < kinetics.count; i++) {
    const innovation = fraction - scratch[i]!;
    logLikelihood[i]! -= (0.5 * innovation * innovation) / variance;
  }
}

/**
 * How little the data speak against the tolerance being passed at a dose: the best likelihood of the hypotheses that say
 * so, over that of the prior mixture. One that is below alpha is ruled out (Ville): the true one ever is with probability
 * alpha at most, whenever one looks. Each hypothesis stands for its cell.
 *
 * @param dose - in units of the median of the prior.
 * @returns 0..1; go on while it is below alpha.
 * @see Robbins, Ann. Math. Statist. 41 (1970) 1397
 */
export function confidenceOver(
  { logLikelihood }: ConfidenceState,
  { count, prior, reach, cell }: DamageKinetics,
  dose: number,
): number {
  let best = -Infinity;
  for (let i = 0; i < count; i++) best = Math.max(best, logLikelihood[i]!);
  let sum = 0;
  let over = -Infinity;
  for (let i = 0; i < count; i++) {
    sum += prior[i]! * Math.exp(logLikelihood[i]! - best);
    if (reach[i]! * Math.exp(-0.5 * cell[i]!) < dose) over = Math.max(over, logLikelihood[i]!);
  }
  return Math.min(1, Math.exp(over - best) / sum);
}
